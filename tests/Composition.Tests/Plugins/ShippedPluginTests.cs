namespace Orchestrator.Composition.Tests;

public class ShippedPluginTests
{
    private const int LongestDescription = 90;

    [Fact]
    public void Every_shipped_class_is_usable()
    {
        Assert.DoesNotContain(Shipped.Catalog.Problems, p => p.Name is not null);
        Assert.NotNull(Shipped.Catalog.Find(PluginKind.Optimizer, "sgd"));
    }

    [Fact]
    public void Every_plugin_says_what_it_is_in_one_short_sentence()
    {
        var unfit = from plugin in Shipped.Catalog.Plugins where !IsShortSentence(plugin.Description) select $"{plugin.Title}: '{plugin.Description}'";
        Assert.Empty(unfit);
    }

    [Fact]
    public void Every_option_has_a_description()
    {
        var silent =
            from plugin in Shipped.Catalog.Plugins
            from option in Within(plugin.Options, [])
            where option.Description.Length == 0
            select $"{plugin.Title}: {option.Name}";
        Assert.Empty(silent);
    }

    private static bool IsShortSentence(string text) =>
        text.Length is > 0 and <= LongestDescription && (char.IsUpper(text[0]) || char.IsDigit(text[0])) && text[^1] == '.';

    // Options of options too; a type may hold itself, as layers do.
    private static IEnumerable<OptionDescription> Within(OptionType type, HashSet<OptionType> seen) => type switch
    {
        _ when !seen.Add(type) => [],
        RecordType record => record.Options.SelectMany(o => Within(o.Type, seen).Prepend(o)),
        VariantType variant => variant.Branches.SelectMany(b => Within(b.Options, seen)),
        ListType list => Within(list.Element, seen),
        _ => [],
    };
}
