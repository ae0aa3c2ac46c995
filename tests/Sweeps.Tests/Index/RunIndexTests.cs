using System.Text.Json;
using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>
/// <c>runs query</c>, <c>runs list --where</c>, <c>runs tag</c> and <c>runs note</c>, as a user
/// runs them.
/// </summary>
public sealed class RunIndexTests : IClassFixture<SweptRuns>, IDisposable
{
    private readonly Cli program = new();

    // A cache of the test's own: what lies in the user's is not its matter.
    private readonly Dictionary<string, string> variables;

    public RunIndexTests(SweptRuns swept)
    {
        variables = new() { ["XDG_CACHE_HOME"] = Path.Combine(program.Folder, "cache") };
        swept.CopyTo(program.Folder);
    }

    private string Index => Assert.Single(Directory.GetFiles(Path.Combine(program.Folder, "cache", "orchestrator", "index"), "*.sqlite"));

    public void Dispose() => program.Dispose();

    [Fact]
    public void A_query_groups_runs_by_a_setting()
    {
        var rows = Query(
            "SELECT s.number AS momentum, count(*) AS n, avg(r.testLoss) AS loss FROM runs r JOIN settings s USING (run) WHERE s.path = 'optimizer.momentum' "
                + "GROUP BY 1");

        Assert.Equal([(0.0, 6), (0.5, 6)], rows.EnumerateArray().Select(row => (row.GetProperty("momentum").GetDouble(), row.GetProperty("n").GetInt32())));
        Assert.All(rows.EnumerateArray(), row => Assert.InRange(row.GetProperty("loss").GetDouble(), 0.1, 2));
    }

    [Fact]
    public void The_index_follows_what_happens_to_folders_and_may_be_removed_or_damaged()
    {
        Assert.Equal(12, Count());
        Directory.Delete(
            Directory.GetDirectories(Path.Combine(program.Runs, "small")).First(folder => !folder.Contains("sweep-", StringComparison.Ordinal)),
            recursive: true);
        Assert.Equal(11, Count());
        Ok("run", program.Pipeline(Pipelines.Quadratic("null"), "one.json"), "--quiet", "--set", "seed=77", "-o", program.Runs);
        Assert.Equal((12, 1), (Count(), Count("WHERE seed = 77")));
        File.WriteAllText(Index, "no database");
        Assert.Equal(12, Count());
        File.Delete(Index);
        Assert.Equal(12, Count());
    }

    [Fact]
    public void Without_a_cache_it_is_made_in_memory()
    {
        variables["XDG_CACHE_HOME"] = "/proc/nowhere";

        Assert.Equal(12, Count());
    }

    [Theory]
    [InlineData("DELETE FROM runs")]
    [InlineData("ATTACH 'other.db' AS other")]
    [InlineData("VACUUM INTO 'copy.db'")]
    [InlineData("PRAGMA query_only = 0")]
    [InlineData("SELECT 1; DROP TABLE runs")]
    public void A_query_can_change_nothing(string sql)
    {
        var ended = Run("runs", "query", sql, "-o", program.Runs);

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("only a SELECT is allowed", ended.Error, StringComparison.Ordinal);
        Assert.Equal(12, Count());
        Assert.Empty(Directory.GetFiles(program.Folder, "*.db"));
    }

    [Fact]
    public void Columns_with_one_name_are_told_apart() => Assert.Equal(
        ["name", "name:1"], Query("SELECT name, upper(name) AS name FROM runs").EnumerateArray().First().EnumerateObject().Select(member => member.Name));

    [Fact]
    public void A_query_that_is_wrong_says_what_SQLite_says() =>
        Assert.Contains("no such column: acuracy", Run("runs", "query", "SELECT acuracy FROM runs", "-o", program.Runs).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData(12, "status=completed")]
    [InlineData(6, "optimizer.momentum=0.5")]
    [InlineData(6, "optimizer.momentum=0.50")]
    [InlineData(6, "optimizer.momentum!=0")]
    [InlineData(3, "optimizer.momentum>0", "workers.count<=2")]
    [InlineData(4, "seed=1")]
    [InlineData(12, "optimizer.type~sg")]
    [InlineData(0, "testLoss>100")]
    [InlineData(12, "NOCONVERGENCE=false")]
    public void Where_lists_the_runs_for_which_all_conditions_hold(int expected, params string[] conditions)
    {
        var listed = JsonDocument.Parse(
            Ok(["runs", "list", "--json", "-o", program.Runs, .. conditions.SelectMany(condition => new[] { "--where", condition })])).RootElement;

        Assert.Equal(expected, listed.GetArrayLength());
    }

    [Theory]
    [InlineData("optimizer.momentun=0", "did you mean 'optimizer.momentum'")]
    [InlineData("momentum", "is no condition")]
    public void A_condition_that_means_nothing_is_refused(string condition, string message)
    {
        var ended = Run("runs", "list", "--where", condition, "-o", program.Runs);

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains(message, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_and_notes_lie_in_the_runs_folder_and_outlive_the_index()
    {
        var id = Query("SELECT id FROM runs WHERE seed = 2 LIMIT 1")[0].GetProperty("id").GetString()!;
        Ok("runs", "tag", "paper", id, "-o", program.Runs);
        Ok("runs", "tag", "slow", "--where", "workers.count=5", "-o", program.Runs);
        Ok("runs", "note", id, "the one of figure 3", "-o", program.Runs);
        File.Delete(Index);

        Assert.Equal((1, 6), (Count("JOIN tags USING (run) WHERE tag = 'paper'"), Count("JOIN tags USING (run) WHERE tag = 'slow'")));
        Assert.Equal("the one of figure 3", Ok("runs", "note", id, "-o", program.Runs).Trim());
        Assert.Equal(1, Count("WHERE note LIKE '%figure 3%'"));
        Ok("runs", "tag", "paper", id, "--remove", "-o", program.Runs);
        Ok("runs", "note", id, "", "-o", program.Runs);
        Assert.Equal((0, 0), (Count("JOIN tags USING (run) WHERE tag = 'paper'"), Count("WHERE note IS NOT NULL")));
        Assert.Equal(0, Run("verify", id, "--quiet", "-o", program.Runs).ExitCode);
    }

    private int Count(string rest = "") => Query($"SELECT count(*) AS n FROM runs {rest}")[0].GetProperty("n").GetInt32();

    private JsonElement Query(string sql) => JsonDocument.Parse(Ok("runs", "query", sql, "--json", "-o", program.Runs)).RootElement;

    private string Ok(params string[] arguments)
    {
        var ended = Run(arguments);
        Assert.True(ended.ExitCode == 0, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended.Output;
    }

    private Cli.Ended Run(params string[] arguments)
    {
        using var process = program.StartWith(variables, arguments);
        return process.End();
    }
}
