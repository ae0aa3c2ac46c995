using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Packages.Tests;

/// <summary>
/// The way of a plugin author, from the template to a run, for every kind of plugin, without
/// touching or rebuilding the program.
/// </summary>
public sealed class OutsidePluginTests(OutsidePlugin plugin)
{
    private readonly PluginCatalog catalog = PluginCatalog.Read([Path.Combine(Build.HostFolder, "plugins"), plugin.Plugin]);

    public static TheoryData<string> EveryKind => [.. Kinds.OfPipelines];

    [Fact]
    public void Its_own_tests_and_the_contract_suites_pass()
    {
        var output = Build.Dotnet(plugin.Project, TestContext.Current.CancellationToken, "HalfStep.Tests/bin/Release/net10.0/HalfStep.Tests.dll", "-list", "classes");
        Assert.All(Kinds.All, kind => Assert.Contains($"HalfStep{Kinds.Pascal(kind)}Contract", output, StringComparison.Ordinal));
        output = Build.Dotnet(plugin.Project, TestContext.Current.CancellationToken, "HalfStep.Tests/bin/Release/net10.0/HalfStep.Tests.dll");
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_listed_with_its_options_beside_the_programs_own()
    {
        Assert.Equal("", string.Join('\n', catalog.Problems));
        Assert.All(Kinds.All, kind => Assert.NotNull(catalog.Find(PluginKinds.All.Single(k => k.Name == kind), "half-step")));
        var found = catalog.Find(PluginKind.Optimizer, "half-step")!;
        Assert.Equal("Descent by the sign of a running mean of gradients.", found.Description);
        var option = Assert.Single(found.Options.Options);
        Assert.Equal(("momentum", "[0, 0.999999]", "0.9"), (option.Name, option.Range!.Text, option.DefaultJson));
        Assert.NotNull(catalog.Find(PluginKind.Optimizer, "sgd"));
    }

    [Fact]
    public void The_program_lists_and_shows_it()
    {
        var list = Build.Orchestrator(plugin.Project, TestContext.Current.CancellationToken, "plugins", "list", "--plugins", plugin.Plugin, "--json");
        Assert.Contains("half-step", list.Output, StringComparison.Ordinal);
        var show = Build.Orchestrator(plugin.Project, TestContext.Current.CancellationToken, "plugins", "show", "half-step", "--plugins", plugin.Plugin);
        Assert.Equal(0, show.Code);
        Assert.Contains("momentum", show.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void An_editor_learns_it_from_the_schema(string kind) => Assert.Contains($"\"{kind}.half-step\": {{", PipelineSchema.Write(catalog), StringComparison.Ordinal);

    [Fact]
    public void Its_folder_brings_nothing_that_the_program_has() =>
        Assert.Equal(["HalfStep.dll"], Directory.EnumerateFiles(plugin.Plugin, "*.dll").Select(f => Path.GetFileName(f)));

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void The_program_runs_it_from_where_it_was_built(string kind)
    {
        var (code, output) = Build.Orchestrator(
            plugin.Project, TestContext.Current.CancellationToken, "run", plugin.Pipeline(kind), "--plugins", plugin.Plugin, "--output", plugin.Runs, "--json");
        Assert.True(code == 0, output);
        Assert.Contains("\"completed\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_asks_it_about_a_run()
    {
        var stop = TestContext.Current.CancellationToken;
        var (code, output) = Build.Orchestrator(plugin.Project, stop, "run", "quickstart", "--set", "stop.epochs=1", "--output", plugin.Runs, "--quiet");
        Assert.True(code == 0, output);
        (code, output) = Build.Orchestrator(plugin.Project, stop, "analyze", "quickstart", "--only", "half-step", "--plugins", plugin.Plugin, "--output", plugin.Runs);
        Assert.True(code == 0, output);
        Assert.Contains("large-gaps: ", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void Without_it_a_pipeline_is_told_what_is_missing(string kind)
    {
        var result = Pipeline.Load(plugin.Pipeline(kind), PluginCatalog.Read([Path.Combine(Build.HostFolder, "plugins")]), new PipelineRequest(new DataFolders([])));
        Assert.Contains($"there is no {kind} plugin 'half-step'", string.Join('\n', result.Mistakes), StringComparison.Ordinal);
    }
}
