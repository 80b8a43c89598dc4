using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Tests.Features;

/// <summary>What is a feature set, and what is not.</summary>
public sealed class FeatureSetTests
{
    [Theory]
    [InlineData("""{"name": "a", "features": []}""", "no feature to learn from")]
    [InlineData("""{"name": "a", "features": ["sun_elevation", "sun_elevation"]}""", "the feature 'sun_elevation' twice")]
    [InlineData("""{"name": "a", "features": ["sunshine"]}""", "asks for the feature 'sunshine', which the catalogue does not have")]
    [InlineData("""{"name": "a", "features": [{"name": "b", "measured": "joy", "offset_hours": -24}]}""", "'joy' is not measured; expected one of energy_mwh")]
    [InlineData("""{"name": "a", "features": [{"name": "b", "measured": "dust"}]}""", "'b' of set.json needs 'offset_hours'")]
    [InlineData("""{"name": "a", "features": [{"name": "b", "measured": "dust", "offset_hours": -9999}]}""", "-744 to 744")]
    [InlineData("""{"name": "a", "features": [{"name": "b", "formula": "1"}]}""", "needs either 'measured' with 'offset_hours', or 'formula' with 'of'")]
    [InlineData("""{"name": "a", "features": [{"name": "b", "formula": "c", "of": ["c"]}]}""", "'b' of the set 'a' is made of c, which the set does not have")]
    [InlineData(
        """{"name": "a", "features": [{"name": "b", "formula": "c", "of": ["c"]}, {"name": "c", "formula": "b", "of": ["b"]}]}""", "b, c in the set 'a' go round in a circle")]
    [InlineData("""{"name": "a", "features": [{"name": "Known At", "measured": "dust", "offset_hours": -24}]}""", "cannot be called 'Known At'")]
    [InlineData("""{"name": "a", "features": [{"name": "target_share", "measured": "dust", "offset_hours": -24}]}""", "cannot be called 'target_share'")]
    [InlineData("""{"name": "a", "features": ["sun_elevation"], "model": "x"}""", "set.json is no feature set")]
    [InlineData("""{"name": "a", "features": [{"name": "b", "category": "Mood", "measured": "dust", "offset_hours": -24}]}""", "has the category 'Mood'; expected one of SolarGeometry")]
    [InlineData("""{"name": "a" """, "set.json is no feature set")]
    public void A_file_that_is_none_says_why(string json, string why) =>
        Assert.Contains(why, Assert.Throws<ForecastingException>(() => FeatureSetFile.Parse(json, "set.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Formulas_may_come_before_what_they_are_made_of()
    {
        var set = FeatureSetFile.Parse(
            """
            {"name": "a", "features": [
              {"name": "twice", "formula": "2 * once", "of": ["once"]},
              {"name": "once", "formula": "dust + 1", "of": ["dust"]},
              {"name": "dust", "measured": "dust", "offset_hours": -72, "learned": false}]}
            """,
            "set.json");

        Assert.Equal([["dust"], ["once"], ["twice"]], set.Levels.Select(level => level.Select(feature => feature.Name)));
        Assert.Equal(["twice", "once"], set.Learned);
        Assert.Equal("a day after its hour", set.KnownAt(set.Features[0]));
    }

    [Fact]
    public void Every_feature_of_the_catalogue_says_what_it_is()
    {
        Assert.All(FeatureCatalogue.Default.Features, feature =>
        {
            Assert.NotEmpty(feature.Unit);
            Assert.NotEmpty(feature.Formula);
        });
        Assert.Equal("always", FeatureCatalogue.Default.KnownAt(FeatureCatalogue.Default.Features.First(feature => feature.Name == "sun_elevation")));
    }
}
