namespace Orchestrator.Composition.Tests;

public class ShippedPluginTests
{
    [Fact]
    public void Every_shipped_class_is_usable()
    {
        Assert.DoesNotContain(Shipped.Catalog.Problems, p => p.Name is not null);
        Assert.NotNull(Shipped.Catalog.Find(PluginKind.Optimizer, "sgd"));
    }

    [Fact]
    public void Every_option_has_a_description()
    {
        var silent = from plugin in Shipped.Catalog.Plugins from option in plugin.Options.Options where option.Description.Length == 0 select $"{plugin.Title}: {option.Name}";
        Assert.Empty(silent);
    }
}
