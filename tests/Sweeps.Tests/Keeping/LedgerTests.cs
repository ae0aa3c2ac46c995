using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>The ledgers that a repository or a paper carries.</summary>
public sealed class LedgerTests : IDisposable
{
    private const string Momenta = "\"optimizer.momentum\": [0, 0.3, 0.5, 0.9]";

    private readonly Cli program = new();

    private string Results => Path.Combine(program.Folder, "results");

    public void Dispose() => program.Dispose();

    [Fact]
    public void Rows_of_the_wall_clock_count_whatever_the_build()
    {
        var file = program.Pipeline(Pipelines.Quadratic($$"""{ "axes": { {{Momenta}} } }""").Replace("\"name\"", "\"clock\": \"wall\", \"name\"", StringComparison.Ordinal).Replace("\"meanMs\": 10", "\"meanMs\": 0.1", StringComparison.Ordinal));
        Ok("run", file);
        Directory.Delete(program.Runs, recursive: true);
        var ledger = Path.Combine(Results, "small.csv");
        var rows = File.ReadAllLines(ledger);
        string[] older = [rows[0], .. rows.Skip(1).Select(row => row.Replace("," + row.Split(',')[7] + ",", ",0123456789abcdef,", StringComparison.Ordinal))];
        File.WriteAllLines(ledger, older);

        Assert.Contains("4 of 4 done", Ok("run", file).Output, StringComparison.Ordinal);
        Assert.Equal(older, File.ReadAllLines(ledger));
    }

    [Fact]
    public void Two_that_write_one_ledger_lose_no_row()
    {
        Ok("run", program.Pipeline(Pipelines.Quadratic($$"""{ "axes": { {{Momenta}} } }""")));
        var rows = Ledger.Read(Results, null, []).Values.ToList();
        var together = Path.Combine(Results, "together.csv");
        Parallel.For(0, 40, n => Ledger.Merge(together, rows.Select(row => row with { Key = $"{n:D4}{row.Key[4..]}" })));

        Assert.Equal(1 + (40 * rows.Count), File.ReadAllLines(together).Length);
    }

    [Fact]
    public void A_run_in_two_ledgers_is_read_from_the_sweeps_own()
    {
        Ok("run", program.Pipeline(Pipelines.Quadratic($$"""{ "axes": { {{Momenta}} } }""")));
        var rows = Ledger.Read(Results, null, []).Values.ToList();
        Ledger.Merge(Path.Combine(Results, "zz-others.csv"), rows.Select(row => row with { Build = "0123456789abcdef" }));

        Assert.Equal(rows, Ledger.Read(Results, "small", []).Values);
        Assert.All(Ledger.Read(Results, null, []).Values, row => Assert.Equal("0123456789abcdef", row.Build));
        Assert.All(Ledger.PlacesIn(Results, "small").Values, place => Assert.Equal("small.csv", place.File));
    }

    private Cli.Ended Ok(string verb, params string[] more)
    {
        var ended = program.Run([verb, .. more, "--output", program.Runs]);
        Assert.True(ended.ExitCode == 0, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended;
    }
}
