using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Tests;

/// <summary>
/// Types of the contracts exist once, whatever a plugin's folder brings: a second <c>IDelay</c>
/// would agree with nothing and say so nowhere.
/// </summary>
public sealed class ContractVersionTests : IDisposable
{
    private const string Contracts = "Orchestrator.Abstractions";
    private static readonly Version Other = new(0, 9);

    private readonly Written files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void A_folder_that_brings_other_contracts_gets_the_hosts()
    {
        var folder = files.Plugin("NeedsLibrary1", "plugins/brings");
        Bring(folder);
        var catalog = Shipped.Read(folder);
        Assert.Empty(catalog.Problems);
        Assert.Equal(1, Delay(catalog).Milliseconds(default));
        Assert.Same(typeof(IDelay).Assembly, Assert.Single(AppDomain.CurrentDomain.GetAssemblies(), a => a.GetName().Name == Contracts));
    }

    [Fact]
    public void A_plugin_of_the_contracts_that_its_folder_brings_is_refused()
    {
        var folder = files.Plugin("NeedsLibrary1", "plugins/built");
        Bring(folder);
        var file = Path.Combine(folder, "Orchestrator.NeedsLibrary1.dll");
        PatchedAssembly.Reference(file, Contracts, Other);
        var catalog = Shipped.Read(folder);
        Assert.Empty(catalog.Plugins);
        var problem = Assert.Single(catalog.Problems);
        Assert.Equal(file, problem.File);
        Assert.Contains($"built against {Contracts} 0.9; this program has", problem.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_whose_library_was_built_against_other_contracts_is_refused()
    {
        var folder = files.Plugin("NeedsLibrary2", "plugins/library");
        Bring(folder);
        var library = Path.Combine(folder, "Fixture.Library.dll");
        PatchedAssembly.Reference(library, Contracts, Other);
        var catalog = Shipped.Read(folder);
        Assert.Empty(catalog.Plugins);
        Assert.Contains(catalog.Problems, p => p.File == library && p.Cause.Contains("built against Orchestrator.Abstractions 0.9", StringComparison.Ordinal));
        Assert.Contains(catalog.Problems, p => p.File.EndsWith("NeedsLibrary2.dll", StringComparison.Ordinal)
            && p.Cause.Contains("uses Fixture.Library.dll of its folder, which was built against Orchestrator.Abstractions 0.9", StringComparison.Ordinal));
    }

    [Fact]
    public void A_library_that_nothing_refers_to_is_checked_too()
    {
        var folder = files.Plugin("NeedsLibrary1", "plugins/apart");
        var library = Path.Combine(folder, "lib", "Fixture.Library.dll");
        Directory.CreateDirectory(Path.GetDirectoryName(library)!);
        File.Copy(Path.Combine(Shipped.Fixture("NeedsLibrary2"), "Fixture.Library.dll"), library);
        PatchedAssembly.Reference(library, Contracts, Other);
        var catalog = Shipped.Read(folder);
        Assert.Equal(library, Assert.Single(catalog.Problems).File);
        Assert.Equal(1, Delay(catalog).Milliseconds(default));
    }

    [Fact]
    public void Other_numerics_are_refused_as_other_contracts_are()
    {
        var folder = files.Copy(Path.Combine(Shipped.Folder, "Optimizers"), "plugins/numerics");
        PatchedAssembly.Reference(Path.Combine(folder, "Orchestrator.Optimizers.dll"), "Orchestrator.Numerics", Other);
        var problem = Assert.Single(Shipped.Read(folder).Problems);
        Assert.Contains("built against Orchestrator.Numerics 0.9; this program has", problem.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_the_host_has_too_is_the_plugins_own_where_it_brings_one()
    {
        // The host's own would be taken if the loader asked there first.
        _ = MathNet.Numerics.SpecialFunctions.Gamma(3);
        var catalog = Shipped.Read(Shipped.Fixture("BringsMathNet"));
        catalog.Create<IDelay>(catalog.Find(PluginKind.Delay, "erlang")!).Milliseconds(new DelayDraw(0, 0, 1, 1, 0, new Random(1)));
        Assert.Contains(
            AppDomain.CurrentDomain.GetAssemblies(), a => a.GetName().Name == "MathNet.Numerics" && a.Location.Contains("copies", StringComparison.Ordinal));
    }

    /// <summary>Puts other contracts into a folder: the real ones, under another version.</summary>
    private static void Bring(string folder)
    {
        var own = Path.Combine(folder, Contracts + ".dll");
        File.Copy(typeof(IDelay).Assembly.Location, own, overwrite: true);
        PatchedAssembly.Version(own, Other);
    }

    private static IDelay Delay(PluginCatalog catalog) => catalog.Create<IDelay>(catalog.Find(PluginKind.Delay, "library-version")!);
}
