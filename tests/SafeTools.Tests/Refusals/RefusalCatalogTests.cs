using SafeTools.Tests.Support;

namespace SafeTools.Tests.Refusals;

public class RefusalCatalogTests
{
    [Fact]
    public void All_Codes_AreUniqueAndWhole()
    {
        RefusalCatalog.All.Select(code => code.Id).Should().OnlyHaveUniqueItems().And.BeInAscendingOrder(StringComparer.Ordinal);
        RefusalCatalog.All.Select(code => code.Title).Should().OnlyHaveUniqueItems();
        RefusalCatalog.All.Should().OnlyContain(code => System.Text.RegularExpressions.Regex.IsMatch(code.Id, @"^ST\d{4}\z") && code.Title.Length > 0 && code.Remedy.EndsWith('.'));
    }

    [Fact]
    public void All_Codes_AreTheFieldsOfTheCatalog() => RefusalCatalog.All.Should().HaveCount(
        typeof(RefusalCatalog).GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static).Count(field => field.FieldType == typeof(RefusalCode)));

    [Fact]
    public void Page_Rendered_IsTheCommittedOne() => Golden.Matches(RefusalPage.Render(), "docs/refusals.md");
}
