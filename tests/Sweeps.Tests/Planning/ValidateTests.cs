using System.Text.Json;
using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary><c>validate</c> of a sweep, and what <c>run</c> says before the first run.</summary>
public sealed class ValidateTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("validate")]
    [InlineData("run")]
    public void All_mistakes_of_all_cells_are_told_each_once(string command)
    {
        const string Wrong = """{ "axes": { "optimizer.momentum": [0, 1.5], "workers.count": [2, 0, 5] }, "seeds": 2 }""";
        var ended = program.Run(command, program.Pipeline(Pipelines.Quadratic(Wrong)), "--json", "--set", "stop.updates=-1");
        var mistakes = JsonDocument.Parse(ended.Output).RootElement.GetProperty("mistakes").EnumerateArray()
            .Select(mistake => mistake.GetProperty("path").GetString()).ToList();

        Assert.Equal(64, ended.ExitCode);
        Assert.Equal(["optimizer.momentum", "stop.updates", "workers.count"], mistakes.Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(program.Folder, "runs")));
    }

    [Fact]
    public void A_sweep_without_mistakes_is_shown_with_its_cells_also_one_of_the_command_line()
    {
        var file = program.Pipeline(Pipelines.Quadratic("null"));
        var ended = program.Run("validate", file, "--json", "--axis", "optimizer.momentum=0,0.5", "--seeds", "1..3");
        var sweep = JsonDocument.Parse(ended.Output).RootElement.GetProperty("sweep");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(["0", "0.5"], sweep.GetProperty("cells").EnumerateArray().Select(cell => cell.GetProperty("values")[0].GetString()));
        Assert.Equal(3, sweep.GetProperty("rounds")[0].GetProperty("levels").GetArrayLength());
    }
}
