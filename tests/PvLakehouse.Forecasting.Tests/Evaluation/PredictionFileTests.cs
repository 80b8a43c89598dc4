using PvLakehouse.Forecasting.Evaluation;

namespace PvLakehouse.Forecasting.Tests.Evaluation;

/// <summary>Predictions of others are read strictly: what is wrong is named with its line.</summary>
public sealed class PredictionFileTests
{
    private const string Header = "facility_code,issued_at,date_hour,predicted_energy_mwh";
    private const string Good = "AVLSF,2025-03-01T00:00:00Z,2025-03-02T02:00:00Z,12.5";

    [Fact]
    public void Columns_come_in_any_order_and_instants_as_programs_write_them()
    {
        var predictions = PredictionFile.Parse(
            [
                "\uFEFFpredicted_energy_mwh,\"date_hour\",issued_at,facility_code",
                "12.5,2025-03-02T02:00:00Z,2025-03-01T00:00Z,AVLSF",
                "",
                "1e1,2025-03-02 02:00:00+00:00,2025-03-01 00:00:00.000+00,\"NY\"\"N,GAN\"",
            ],
            "them.csv");

        var (issued, hour) = (new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2025, 3, 2, 2, 0, 0, TimeSpan.Zero));
        Assert.Equal(
            [("AVLSF", issued, hour, 12.5, 2), ("NY\"N,GAN", issued, hour, 10.0, 4)],
            predictions.Select(each => (each.FacilityCode, each.IssuedAt, each.DateHour, each.EnergyMwh, each.Line)));
        Assert.All(predictions, each => Assert.Empty(each.Quantiles));
    }

    [Fact]
    public void Quantiles_are_read_in_the_order_of_their_levels()
    {
        var predictions = PredictionFile.Parse([$"{Header},q90,q80,q70,q60,q50,q40,q30,q20,q10", $"{Good},9,8,7,6,5,4,3,2,1"], "them.csv");

        Assert.Equal([1.0, 2, 3, 4, 5, 6, 7, 8, 9], Assert.Single(predictions).Quantiles);
    }

    [Theory]
    [InlineData("", null, "them.csv:1 has a column ''; expected only facility_code, issued_at, date_hour, predicted_energy_mwh and q10, q20 to q90.")]
    [InlineData("facility_code,issued_at,date_hour", null, "them.csv:1 has no column 'predicted_energy_mwh'; expected facility_code, issued_at, date_hour, predicted_energy_mwh.")]
    [InlineData(Header + ",price", null, "them.csv:1 has a column 'price'; expected only facility_code, issued_at, date_hour, predicted_energy_mwh and q10, q20 to q90.")]
    [InlineData(Header + ",date_hour", null, "them.csv:1 has the column 'date_hour' twice.")]
    [InlineData(Header + ",q10,q90", null, "them.csv:1 has the quantiles q10, q90; expected all of q10, q20, q30, q40, q50, q60, q70, q80, q90, or none.")]
    [InlineData(Header, null, "them.csv has columns, but no prediction.")]
    [InlineData(Header, "AVLSF,2025-03-01T00:00:00Z,12.5", "them.csv:3 has 3 fields; expected 4, as many as columns.")]
    [InlineData(Header, "AVLSF,2025-03-01T00:00:00,2025-03-02T02:00:00Z,1", "them.csv:3 has '2025-03-01T00:00:00' for issued_at; expected an instant of UTC, such as 2025-03-01T05:00:00Z.")]
    [InlineData(Header, "AVLSF,2025-03-01T00:00:00+10:00,2025-03-02T02:00:00Z,1", "them.csv:3 has '2025-03-01T00:00:00+10:00' for issued_at; expected an instant of UTC, such as 2025-03-01T05:00:00Z.")]
    [InlineData(Header, "AVLSF,2025-03-01T00:00:00Z,2025-02-30T02:00:00Z,1", "them.csv:3 has '2025-02-30T02:00:00Z' for date_hour; expected an instant of UTC, such as 2025-03-01T05:00:00Z.")]
    [InlineData(Header, "AVLSF,2025-03-01T00:00:00Z,2025-03-02T02:00:00Z,\"1,5\"", "them.csv:3 has '1,5' for predicted_energy_mwh; expected a number [MWh], such as 12.5.")]
    [InlineData(Header, "AVLSF,2025-03-01T00:00:00Z,2025-03-02T02:00:00Z,NaN", "them.csv:3 has 'NaN' for predicted_energy_mwh; expected a number [MWh], such as 12.5.")]
    [InlineData(Header, "AVLSF,2025-03-01T00:00:00Z,2025-03-02T02:00:00Z,\"1", "them.csv:3 has a quote that does not end.")]
    [InlineData(Header, "\"AVLSF\"x,2025-03-01T00:00:00Z,2025-03-02T02:00:00Z,1", "them.csv:3 goes on after a quote with 'x,2025-03-01T00:00:00Z,2025-03-02T02:00:00Z,1'; expected a comma.")]
    [InlineData(Header, "AVLSF,2025-03-01T00:00:00+00:00,2025-03-02 02:00:00Z,7", "them.csv:3 predicts what line 2 does: AVLSF, issued 2025-03-01 00:00Z, for 2025-03-02 02:00Z; expected one prediction of a farm, an issue and an hour.")]
    public void What_is_wrong_is_named_with_its_line(string header, string? line, string sentence)
    {
        var refused = Assert.Throws<ForecastingException>(() => PredictionFile.Parse(line is null ? [header] : [header, Good, line], "them.csv"));

        Assert.Equal(sentence, refused.Message);
    }

    [Fact]
    public void Quantiles_that_go_down_are_refused()
    {
        var refused = Assert.Throws<ForecastingException>(() => PredictionFile.Parse([$"{Header},q10,q20,q30,q40,q50,q60,q70,q80,q90", $"{Good},1,2,3,5,4,6,7,8,9"], "them.csv"));

        Assert.Equal("them.csv:2 has the quantiles 1, 2, 3, 5, 4, 6, 7, 8, 9; expected none below the one before it.", refused.Message);
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_empty_is_named()
    {
        var missing = await Assert.ThrowsAsync<ForecastingException>(() => PredictionFile.ReadAsync("/nowhere/them.csv", TestContext.Current.CancellationToken));

        Assert.Equal("There is no file of predictions at /nowhere/them.csv.", missing.Message);
        Assert.Contains("them.csv is empty", Assert.Throws<ForecastingException>(() => PredictionFile.Parse([], "them.csv")).Message, StringComparison.Ordinal);
    }
}
