using System.Globalization;
using PvLakehouse.Sandbox.Simulation;
using PvLakehouse.Sandbox.Simulation.Faults;
using PvLakehouse.Solar.Time;
using static PvLakehouse.Sandbox.Tests.Simulation.World;

namespace PvLakehouse.Sandbox.Tests.Simulation;

public sealed class FaultTests
{
    private const int Days = 731;
    private static readonly DateOnly FirstDay = new(2024, 1, 1);
    private static readonly DateOnly LastDay = FirstDay.AddDays(Days - 1);
    private static readonly DateTimeOffset From = NetworkClock.Nem.StartOf(FirstDay).ToUniversalTime();

    private static readonly Lazy<FaultEvent[]> Truth = new(() => [.. Faulty.Faults(DefaultFarms, FirstDay, LastDay)]);

    // Eight times as many faults of the provider, so that even the rare ones happen to eight farms.
    private static readonly SimulatedSandbox Much = new(new() { ProviderFaultRate = 8 }, World.Registry.Facilities);
    private static readonly Lazy<FaultEvent[]> MuchTruth = new(() => [.. Much.Faults(DefaultFarms, FirstDay, LastDay)]);

    /// <summary>The oracle: published and clean values differ in an interval if and only if a label covers it at that clock.</summary>
    [Theory]
    [InlineData("AVLSF")]
    [InlineData("EMERASF")]
    [InlineData("WRSF1")]
    public void Published_values_differ_from_clean_ones_only_where_a_fault_is_labelled(string farm)
    {
        var clean = Clean.Energy(farm, From, 288 * Days);
        var labels = Truth.Value.Where(fault => fault.FacilityCode == farm && fault.KnownUntilUtc is null).ToArray();
        var covered = new bool[clean.Length];
        foreach (var label in labels)
        {
            var start = (int)((label.FromUtc - From) / TimeSpan.FromMinutes(5));
            var end = (int)((label.ToUtc - From) / TimeSpan.FromMinutes(5));
            Array.Fill(covered, true, Math.Max(start, 0), Math.Min(end, covered.Length) - Math.Max(start, 0));
        }

        var published = Faulty.Energy(farm, From, 288 * Days);

        Assert.Contains(true, covered);
        for (var i = 0; i < clean.Length; i++)
        {
            Assert.True(covered[i] || clean[i].Equals(published[i]), $"unlabelled difference at {From.AddMinutes(5 * i):O}");
        }
    }

    [Fact]
    public void Every_kind_of_fault_happens_and_every_label_is_visible_while_it_is_known()
    {
        // Rows sent twice and inverters at their limit change no value; a series stops too seldom for eight farms.
        foreach (var kind in Enum.GetValues<DataFaultKind>().Except([DataFaultKind.Duplicate, DataFaultKind.Clipping, DataFaultKind.Stopped]))
        {
            var labels = Truth.Value.Where(fault => fault.Kind == kind).Take(12).ToArray();
            Assert.NotEmpty(labels);
            Assert.All(labels, label =>
            {
                var count = (int)((label.ToUtc - label.FromUtc) / TimeSpan.FromMinutes(5));
                var clock = label.KnownUntilUtc?.AddMinutes(-5) ?? Later;
                Assert.NotEqual(
                    Clean.Energy(label.FacilityCode, label.FromUtc, count),
                    Faulty.Energy(label.FacilityCode, label.FromUtc, count, asOf: clock));
            });
        }
    }

    [Fact]
    public void Curtailed_power_stays_at_or_below_its_setpoint()
    {
        Assert.All(Labels(DataFaultKind.CurtailmentEconomic).Concat(Labels(DataFaultKind.CurtailmentNetwork)).Take(60), label =>
        {
            var (published, clean) = Values(label);
            var setpoint = label.Magnitude * Capacity(label) / 12;
            Assert.All(published, value => Assert.True(value is null || value <= setpoint + 1e-9 || AnotherFaultOf(label)));
            Assert.True(clean.Max() > setpoint, "a label without effect");
        });
    }

    [Fact]
    public void Economic_curtailment_lies_around_midday_and_hits_most_farms_of_a_region_together()
    {
        var labels = Labels(DataFaultKind.CurtailmentEconomic);

        Assert.All(labels, label =>
        {
            Assert.InRange(label.FromUtc.ToOffset(NetworkClock.Nem.Offset).TimeOfDay.TotalHours, 9.5, 11.5);
            Assert.InRange(label.ToUtc.ToOffset(NetworkClock.Nem.Offset).TimeOfDay.TotalHours, 13, 15.5);
        });

        // Six of the eight farms are in NSW1: of the days with one curtailed, most have several.
        var perDay = labels
            .Where(label => Farm(label.FacilityCode).Region == "NSW1")
            .GroupBy(label => label.FromUtc.Date)
            .Select(day => day.Count())
            .ToArray();
        Assert.InRange(perDay.Average(), 3, 6);
    }

    [Fact]
    public void An_outage_is_zero_and_a_partial_one_takes_the_share_of_its_blocks()
    {
        Assert.All(Labels(DataFaultKind.Outage), label =>
            Assert.All(Values(label).Published, value => Assert.True(value is null or 0 || AnotherFaultOf(label))));

        var partial = Labels(DataFaultKind.PartialOutage).First(label => !AnotherFaultOf(label));
        var (published, clean) = Values(partial);
        Assert.InRange(1 / partial.Magnitude, 4, 12);
        Assert.Equal(clean.Sum()!.Value * (1 - partial.Magnitude), published.Sum()!.Value, 1e-6);
    }

    [Fact]
    public void A_gap_is_missing_and_not_zero() =>
        Assert.All(Labels(DataFaultKind.Gap), label =>
        {
            var clock = label.KnownUntilUtc?.AddMinutes(-5) ?? Later;
            Assert.All(Values(label, clock).Published, value => Assert.Null(value));
        });

    [Fact]
    public void A_frozen_evening_repeats_its_last_value_until_five_to_nine_while_the_sun_sets() =>
        Assert.All(Labels(DataFaultKind.FrozenEvening), label =>
        {
            var before = Faulty.Energy(label.FacilityCode, label.FromUtc.AddMinutes(-5), 1)[0];
            var (published, clean) = Values(label);
            Assert.All(published, value => Assert.Equal(before!.Value, value!.Value, 1e-12));
            Assert.Equal(label.Magnitude * Capacity(label) / 12, before!.Value, 1e-9);
            Assert.Equal(0, clean[^1]);
            Assert.Equal(new(20, 55, 0), label.ToUtc.ToOffset(NetworkClock.Nem.Offset).TimeOfDay);
        });

    [Fact]
    public void A_doubled_day_appears_after_the_day_and_some_are_repaired_a_fortnight_later()
    {
        var labels = Labels(DataFaultKind.DoubledDay);

        Assert.All(labels, label =>
        {
            var good = Values(label, label.KnownFromUtc.AddMinutes(-5)).Published;
            var doubled = Values(label, label.KnownFromUtc).Published;
            Assert.All(good.Zip(doubled), pair => Assert.Equal(2 * pair.First!.Value, pair.Second!.Value, 1e-9));
            if (label.KnownUntilUtc is { } repaired)
            {
                Assert.Equal(good, Values(label, repaired).Published);
                Assert.InRange((repaired - label.ToUtc).TotalDays, 8, 14);
            }
        });
        Assert.Contains(labels, label => label.KnownUntilUtc is null);
        Assert.Contains(labels, label => label.KnownUntilUtc is not null);
    }

    [Fact]
    public void A_late_correction_changes_what_is_known_at_its_instant() =>
        Assert.All(Labels(DataFaultKind.LateCorrection), label =>
        {
            var corrected = label.KnownUntilUtc!.Value;
            var wrong = Values(label, corrected.AddSeconds(-1)).Published;
            var right = Values(label, corrected).Published;
            Assert.Equal(label.Magnitude * right.Sum()!.Value, wrong.Sum()!.Value, 1e-6);
            Assert.NotEqual(right.Sum(), wrong.Sum());
        });

    [Fact]
    public void A_spike_is_one_interval_far_above_capacity() =>
        Assert.All(Labels(DataFaultKind.Spike), label =>
        {
            Assert.Equal(TimeSpan.FromMinutes(5), label.ToUtc - label.FromUtc);
            Assert.InRange(Values(label).Published[0]!.Value / (Capacity(label) / 12), 1.5, 3);
        });

    [Fact]
    public void A_mixed_up_unit_is_a_day_of_the_whole_farm_times_a_thousand_or_a_thousandth() =>
        Assert.All(Labels(DataFaultKind.UnitMixUp), label =>
        {
            var (published, clean) = Values(label, label.KnownUntilUtc?.AddMinutes(-5));
            Assert.Contains(label.Magnitude, new[] { 1000, 0.001 });
            Assert.Equal(TimeSpan.FromDays(1), label.ToUtc - label.FromUtc);
            Assert.True(AnotherFaultOf(label) || Math.Abs((label.Magnitude * clean.Sum()!.Value) - published.Sum()!.Value) < 1e-6);
        });

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void A_shifted_clock_moves_weeks_of_a_whole_farm_by_half_an_hour_or_one(int early)
    {
        var labels = Labels(DataFaultKind.ClockShift, MuchTruth.Value);

        Assert.All(labels, label =>
        {
            Assert.InRange((label.ToUtc - label.FromUtc).TotalDays, 14, 42);
            Assert.Contains(Math.Abs(label.Magnitude), new double[] { 30, 60 });

            // A morning or noon that nothing else touches: what stands at a stamp was delivered that many minutes before it.
            for (var day = label.FromUtc; day < label.ToUtc && day < From.AddDays(Days); day = day.AddDays(1))
            {
                var from = day.AddHours(early + 2);
                if (!MuchTruth.Value.Any(other => other != label && other.FacilityCode == label.FacilityCode && other.Kind != DataFaultKind.Clipping
                    && other.FromUtc < from.AddHours(4) && other.ToUtc > from.AddHours(-2)))
                {
                    Assert.Equal(
                        Clean.Energy(label.FacilityCode, from.AddMinutes(-label.Magnitude), 12), Much.Energy(label.FacilityCode, from, 12));
                }
            }
        });
        Assert.Contains(labels, label => label.Magnitude < 0);
        Assert.Contains(labels, label => label.Magnitude > 0);
    }

    [Fact]
    public void A_stamp_that_is_too_early_is_known_only_once_its_energy_was_delivered()
    {
        var label = Labels(DataFaultKind.ClockShift, MuchTruth.Value).First(label => label.Magnitude < 0);
        var noon = label.FromUtc.AddHours(12);
        var delivered = noon.AddMinutes(5 - label.Magnitude);

        Assert.Null(Much.Energy(label.FacilityCode, noon, 1, asOf: delivered.AddSeconds(-1))[0]);
        Assert.NotNull(Much.Energy(label.FacilityCode, noon, 1, asOf: delivered)[0]);
    }

    [Fact]
    public void A_stopped_series_is_missing_for_weeks()
    {
        var labels = Labels(DataFaultKind.Stopped, MuchTruth.Value);

        Assert.NotEmpty(labels);
        Assert.All(labels, label =>
        {
            Assert.InRange((label.ToUtc - label.FromUtc).TotalDays, 14, 42);
            Assert.All(
                Much.Energy(label.FacilityCode, label.FromUtc, (int)((label.ToUtc - label.FromUtc) / TimeSpan.FromMinutes(5))),
                value => Assert.Null(value));
            Assert.NotNull(Much.Energy(label.FacilityCode, label.FromUtc.AddMinutes(-5), 1)[0]);
        });
    }

    [Fact]
    public void Rows_sent_twice_are_whole_hours_that_the_server_can_ask_for()
    {
        var label = Labels(DataFaultKind.Duplicate)[0];
        var unit = Farm(label.FacilityCode).Units[0];

        Assert.Contains((label.FromUtc, label.ToUtc), Faulty.SentTwice(unit, label.FromUtc.AddDays(-3), label.ToUtc.AddDays(3)));
        Assert.Equal([(label.FromUtc, label.ToUtc)], Faulty.SentTwice(unit, label.FromUtc, label.FromUtc.AddHours(1)));
        Assert.Empty(Clean.SentTwice(unit, From, From.AddDays(Days)));
        Assert.Equal(0, label.FromUtc.Minute);
    }

    [Fact]
    public void Clipping_is_labelled_where_the_inverters_stand_at_their_limit_for_half_an_hour_and_nowhere_else()
    {
        const string farm = "BOMENSF";
        var clean = Clean.Energy(farm, From, 288 * Days);
        var limit = Farm(farm).Units[0].CapacityMw!.Value / 12;
        var labelled = new bool[clean.Length];
        foreach (var label in Labels(DataFaultKind.Clipping).Where(label => label.FacilityCode == farm))
        {
            var (start, end) = ((int)((label.FromUtc - From) / TimeSpan.FromMinutes(5)), (int)((label.ToUtc - From) / TimeSpan.FromMinutes(5)));
            Assert.True(end - start >= 6);
            Array.Fill(labelled, true, start, end - start);
        }

        // Six in a row at the limit are a run, unless an outage or a curtailment took them away.
        Assert.Contains(true, labelled);
        for (var i = 6; i < clean.Length; i++)
        {
            Assert.True(!labelled[i] || clean[i]!.Value.Equals(limit) || Math.Abs(clean[i]!.Value - limit) < 1e-6);
            var runs = Enumerable.Range(i - 5, 6).All(slot => clean[slot] >= limit * (1 - 1e-9));
            var at = From.AddMinutes(5 * i);
            Assert.True(!runs || labelled[i] || Truth.Value.Any(fault => fault.FacilityCode == farm && fault.FromUtc <= at && at < fault.ToUtc.AddMinutes(30)));
        }
    }

    [Fact]
    public void A_rate_multiplies_the_faults_of_the_provider_and_leaves_those_of_the_farm()
    {
        Assert.Equal(Labels(DataFaultKind.Outage).Length, Labels(DataFaultKind.Outage, MuchTruth.Value).Length);
        Assert.Equal(
            Labels(DataFaultKind.CurtailmentNetwork).Select(label => label.FromUtc),
            Labels(DataFaultKind.CurtailmentNetwork, MuchTruth.Value).Select(label => label.FromUtc));
        Assert.InRange(
            Labels(DataFaultKind.UnitMixUp, MuchTruth.Value).Length / (double)(Days * DefaultFarms.Length), 0.0015 * 6, 0.0015 * 10);
    }

    [Fact]
    public void Faults_are_as_frequent_as_documented()
    {
        double DaysWith(params DataFaultKind[] kinds) =>
            Truth.Value.Count(fault => kinds.Contains(fault.Kind)) / (double)(Days * DefaultFarms.Length);

        Assert.InRange(DaysWith(DataFaultKind.CurtailmentEconomic, DataFaultKind.CurtailmentNetwork), 0.035, 0.065);
        Assert.InRange(
            DaysWith(DataFaultKind.Gap, DataFaultKind.FrozenEvening, DataFaultKind.DoubledDay, DataFaultKind.LateCorrection, DataFaultKind.Spike),
            0.01,
            0.025);
    }

    [Fact]
    public void Energy_of_a_label_is_what_the_fault_changed()
    {
        // A label alone on its farm: published minus clean energy is the label's figure.
        var label = Labels(DataFaultKind.CurtailmentNetwork).First(fault => !AnotherFaultOf(fault));
        var (published, clean) = Values(label);

        Assert.Equal(published.Sum()!.Value - clean.Sum()!.Value, label.EnergyMwh, 1e-6);
        Assert.True(label.EnergyMwh < 0);
    }

    [Fact]
    public void A_window_lists_the_faults_that_reach_into_it_from_before()
    {
        var outage = Labels(DataFaultKind.PartialOutage)[0];
        var second = NetworkClock.Nem.DayOf(outage.FromUtc).AddDays(1);

        Assert.Contains(outage, Faulty.Faults([outage.FacilityCode], second, second));
    }

    [Fact]
    public void A_world_without_faults_has_none()
    {
        Assert.Empty(Clean.Faults(DefaultFarms, FirstDay, LastDay.AddDays(-600)));
        Assert.Throws<ArgumentException>(() => Clean.Faults(["NOBODY"], FirstDay, LastDay));
        Assert.Throws<ArgumentException>(() => Clean.Faults(["AVLSF"], LastDay, FirstDay));
    }

    [Fact]
    public async Task The_truth_file_has_one_line_per_fault_with_instants_in_utc()
    {
        var writer = new StringWriter(CultureInfo.InvariantCulture);
        FaultEvent[] faults =
        [
            new("AVLSF", "AVLSF1", DataFaultKind.DoubledDay, Nem(2025, 1, 2), Nem(2025, 1, 3))
            {
                Magnitude = 2,
                EnergyMwh = 1234.56789,
                KnownFromUtc = Nem(2025, 1, 3).AddHours(6),
                KnownUntilUtc = Nem(2025, 1, 12),
            },
            new("AVLSF", "AVLSF1", DataFaultKind.Spike, Utc(2025, 1, 5, 2), Utc(2025, 1, 5, 2, 5))
            {
                Magnitude = 1.75,
                EnergyMwh = -0.5,
                KnownFromUtc = Utc(2025, 1, 5, 2),
            },
        ];

        await TruthFile.WriteAsync(writer, faults, TestContext.Current.CancellationToken);

        Assert.Equal(
            """
            facility_code,unit_code,fault,from_utc,to_utc,magnitude,energy_mwh,known_from_utc,known_until_utc
            AVLSF,AVLSF1,doubled_day,2025-01-01T14:00:00Z,2025-01-02T14:00:00Z,2,1234.5679,2025-01-02T20:00:00Z,2025-01-11T14:00:00Z
            AVLSF,AVLSF1,spike,2025-01-05T02:00:00Z,2025-01-05T02:05:00Z,1.75,-0.5,2025-01-05T02:00:00Z,

            """,
            writer.ToString());
    }

    private static FaultEvent[] Labels(DataFaultKind kind) => [.. Truth.Value.Where(fault => fault.Kind == kind)];

    private static FaultEvent[] Labels(DataFaultKind kind, FaultEvent[] truth) => [.. truth.Where(fault => fault.Kind == kind)];

    private static (double?[] Published, double?[] Clean) Values(FaultEvent label, DateTimeOffset? clock = null)
    {
        var count = (int)((label.ToUtc - label.FromUtc) / TimeSpan.FromMinutes(5));
        return (
            Faulty.Energy(label.FacilityCode, label.FromUtc, count, asOf: clock), Clean.Energy(label.FacilityCode, label.FromUtc, count));
    }

    private static double Capacity(FaultEvent label) => Farm(label.FacilityCode).Units[0].CapacityMw!.Value;

    private static bool AnotherFaultOf(FaultEvent label) => Truth.Value.Any(other =>
        other != label && other.FacilityCode == label.FacilityCode && other.FromUtc < label.ToUtc && other.ToUtc > label.FromUtc);
}
