-- The ratios of a farm's period, the same for a day and a month: always of sums over the same valid hours, never means of ratios.
SELECT *,
  ratio(referenced_energy_mwh, reference_energy_mwh) AS performance_ratio,
  ratio(referenced_energy_mwh, reference_energy_25c_mwh) AS performance_ratio_25c,
  ratio(ghi_energy_mwh * 1000, ghi_reference_kwh) AS performance_ratio_ghi,
  ratio(compared_energy_mwh, expected_energy_mwh) AS energy_ratio,
  ratio(valid_energy_mwh, ac_capacity_mwh) AS capacity_factor,
  ratio(valid_energy_mwh, calendar_capacity_mwh) AS capacity_factor_calendar,
  ratio(valid_energy_mwh, dc_capacity_mw) AS specific_yield,
  ratio(ghi_kwh_m2, clear_sky_kwh_m2) AS clear_sky_index,
  round(100.0 * energy_hours / hours, 2) AS completeness_pct
FROM sums
