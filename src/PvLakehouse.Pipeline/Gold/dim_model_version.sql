-- gold.dim_model_version: the versions of models as they are now.
-- grain: model_version_id   a version keeps the key it got first; new ones count on from the highest, in the order of their registration
WITH known AS (
  SELECT model_version_id, run_id FROM dim_model_version WHERE model_version_id > 0
),
fresh AS (
  SELECT m.run_id,
    coalesce((SELECT max(model_version_id) FROM known), 0) + row_number() OVER (ORDER BY m.registered_at, m.model_name, m.model_version)
      AS model_version_id
  FROM model_versions m
  WHERE m.run_id NOT IN (SELECT run_id FROM known)
),
keyed AS (
  SELECT model_version_id, run_id FROM known
  UNION ALL
  SELECT model_version_id, run_id FROM fresh
)
SELECT CAST(k.model_version_id AS INTEGER) AS model_version_id, m.run_id, m.model_name, m.model_version, m.aliases, m.horizon, m.learner, m.weather,
  m.feature_set, m.features_snapshot, m.registered_at, m.trained_to, m.test_from, m.test_nmae, m.test_nrmse, m.test_skill, m.test_coverage,
  m.description, list_contains(string_split(m.aliases, ' '), 'champion') AS is_champion
FROM model_versions m
JOIN keyed k ON k.run_id = m.run_id
UNION ALL
SELECT 0, 'UNKNOWN', 'Unknown', 0, '', NULL, NULL, NULL, NULL, NULL, TIMESTAMPTZ '1970-01-01 00:00:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, false
