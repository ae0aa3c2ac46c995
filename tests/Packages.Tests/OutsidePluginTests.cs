using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Packages.Tests;

/// <summary>
/// The way of a plugin author, from the template to a run, for every kind of plugin, without
/// touching or rebuilding the program.
/// </summary>
public sealed class OutsidePluginTests(CleanMachine machine)
{
    private readonly PluginCatalog catalog = PluginCatalog.Read([Path.Combine(Build.HostFolder, "plugins"), machine.Plugin]);

    public static TheoryData<string> EveryKind => [.. Kinds.OfPipelines];

    [Fact]
    public void Its_own_tests_and_the_contract_suites_pass()
    {
        const string Tests = "HalfStep.Tests/bin/Release/net10.0/HalfStep.Tests.dll";
        var output = Build.Dotnet(machine.EveryKind, [], TestContext.Current.CancellationToken, Tests, "-list", "classes");
        Assert.All(Kinds.All, kind => Assert.Contains($"HalfStep{Kinds.Pascal(kind)}Contract", output, StringComparison.Ordinal));
        output = Build.Dotnet(machine.EveryKind, [], TestContext.Current.CancellationToken, Tests);
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
        var list = Build.Orchestrator(machine.EveryKind, TestContext.Current.CancellationToken, "plugins", "list", "--plugins", machine.Plugin, "--json");
        Assert.Contains("half-step", list.Output, StringComparison.Ordinal);
        var show = Build.Orchestrator(machine.EveryKind, TestContext.Current.CancellationToken, "plugins", "show", "half-step", "--plugins", machine.Plugin);
        Assert.Equal(0, show.Code);
        Assert.Contains("momentum", show.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_editor_learns_it_from_the_schema()
    {
        var schema = PipelineSchema.Write(catalog);
        Assert.All(Kinds.OfPipelines, kind => Assert.Contains($"\"{kind}.half-step\": {{", schema, StringComparison.Ordinal));
    }

    [Fact]
    public void Its_folder_brings_nothing_that_the_program_has() =>
        Assert.Equal(["HalfStep.dll"], Directory.EnumerateFiles(machine.Plugin, "*.dll").Select(f => Path.GetFileName(f)));

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void The_program_runs_it_from_where_it_was_built(string kind)
    {
        var (code, output) = Build.Orchestrator(
            machine.EveryKind, TestContext.Current.CancellationToken,
            "run", machine.Pipeline(kind), "--plugins", machine.Plugin, "--output", machine.Runs, "--json");
        Assert.True(code == 0, output);
        Assert.Contains("\"completed\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_asks_it_about_a_run()
    {
        var stop = TestContext.Current.CancellationToken;
        var (code, output) = Build.Orchestrator(machine.EveryKind, stop, "run", "quickstart", "--set", "stop.epochs=1", "--output", machine.Runs, "--quiet");
        Assert.True(code == 0, output);
        (code, output) = Build.Orchestrator(
            machine.EveryKind, stop, "analyze", "quickstart", "--only", "half-step", "--plugins", machine.Plugin, "--output", machine.Runs);
        Assert.True(code == 0, output);
        Assert.Contains("large-gaps: ", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void Without_it_a_pipeline_is_told_what_is_missing(string kind)
    {
        var shipped = PluginCatalog.Read([Path.Combine(Build.HostFolder, "plugins")]);
        var result = Pipeline.Load(machine.Pipeline(kind), shipped, new PipelineRequest(new DataFolders([])));
        Assert.Contains($"there is no {kind} plugin 'half-step'", string.Join('\n', result.Mistakes), StringComparison.Ordinal);
    }
}
