using System.Text.Json;

namespace Orchestrator.Packages.Tests;

/// <summary>A rule from the template, put to a small field.</summary>
public sealed class AtlasTests(CleanMachine machine) : IDisposable
{
    // Three rules, two environments, three seeds: eighteen runs of a few milliseconds.
    private const string Field = """
        {
          "name": "field", "dataset": { "type": "quadratic", "samples": 3200 }, "model": "quadratic",
          "optimizer": { "type": "sgd", "momentum": 0.9, "learningRate": 0.01 },
          "workers": { "count": 4, "batchSize": 32, "compute": { "type": "gamma", "meanMs": 10 } },
          "stop": { "epochs": 1 }, "evaluation": { "everyEpochs": 1 },
          "sweep": {
            "axes": {
              "rule": { "variants": { "heavy ball": {}, "adam": { "optimizer.type": "adam" }, "gap-aware": { "optimizer.corrections": ["gap-aware"] } } },
              "workers.count": [2, 6]
            },
            "seeds": 3, "compare": { "baseline": "heavy ball" }
          }
        }
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("orchestrator-atlas-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void It_keeps_its_contract_runs_where_the_field_has_run_and_is_ranked_in_it()
    {
        var before = Atlas(0);
        Assert.Equal(["adam", "gap-aware", "heavy ball"], Names(before).Order(StringComparer.Ordinal));
        Assert.Equal(18, Runs());

        var after = Atlas(0, "--with", "optimizer:half-step", "--plugins", machine.Plugin, "--figures", Path.Combine(folder.FullName, "figures"));
        Assert.Equal((24, 24), (after.GetProperty("runs").GetInt32(), after.GetProperty("done").GetInt32()));
        Assert.Equal(24, Runs());
        Assert.Contains("half-step", Names(after));
        Assert.Contains(
            "Apply_TileByTile_ChangesNoBit", after.GetProperty("promises").EnumerateArray().Select(promise => promise.GetProperty("name").GetString()));
        var ranks = after.GetProperty("ranks");
        Assert.Equal("half-step", ranks.GetProperty("reference").GetString());
        Assert.All(ranks.GetProperty("variants").EnumerateArray(), rank => Assert.InRange(rank.GetProperty("rank").GetDouble(), 1, 4));
        Assert.Contains("half-step is number ", after.GetProperty("paragraph").GetString(), StringComparison.Ordinal);
        Assert.Contains("id=\"ranks\"", File.ReadAllText(after.GetProperty("report").GetString()!), StringComparison.Ordinal);
        Assert.Contains(after.GetProperty("figures").EnumerateArray(), figure => figure.GetString()!.EndsWith("-ranks.svg", StringComparison.Ordinal));

        // Another setting of it is another rule, and only that is run.
        var other = Atlas(0, "--with", "{ \"type\": \"optimizer:half-step\", \"momentum\": 0.5 }", "--plugins", machine.Plugin);
        Assert.Equal(30, Runs());
        Assert.NotEqual(after.GetProperty("id").GetString(), other.GetProperty("id").GetString());

        // One whose name the field has is ranked beside it, not in its place.
        var same = Atlas(0, "--with", "{ \"type\": \"gap-aware\", \"decay\": 0.5 }");
        Assert.Equal(["adam", "gap-aware", "gap-aware decay=0.5", "heavy ball"], Names(same).Order(StringComparer.Ordinal));
        Assert.Equal(36, Runs());
    }

    [Fact]
    public void What_is_no_rule_is_refused_with_the_nearest_name()
    {
        Assert.Contains("did you mean 'half-step'?", Refused("half-stepp"), StringComparison.Ordinal);
        Assert.Contains("an optimizer and a correction; say which: optimizer:half-step or correction:half-step.", Refused("half-step"), StringComparison.Ordinal);
        Assert.Contains("is no rule of the server", Refused("quadratic"), StringComparison.Ordinal);
        Assert.Contains("an object with its type and options", Refused("{ \"momentum\": 1 }"), StringComparison.Ordinal);
        Assert.Contains("an object with its type and options", Refused("{ \"type\": \"sgd\", \"momentum\": 0.5, \"momentum\": 0.9 }"), StringComparison.Ordinal);
        var misspelt = Refused("{ \"type\": \"optimizer:half-step\", \"momentun\": 0.5 }");
        Assert.Contains("--with: optimizer.momentun: optimizer 'half-step' has no option 'momentun'", misspelt, StringComparison.Ordinal);
        Assert.DoesNotContain("--set", misspelt, StringComparison.Ordinal);
        var known = Refused("adam");
        Assert.Contains("--with: sweep.axes: rule=adam", known, StringComparison.Ordinal);
        Assert.Contains("the rule is in the field already, with these options", known, StringComparison.Ordinal);
        Assert.Equal(0, Runs());
    }

    private JsonElement Atlas(int code, params string[] more)
    {
        var (ended, output) = Start(more);
        Assert.True(code == ended, output);
        return JsonDocument.Parse(output).RootElement;
    }

    private string Refused(string rule)
    {
        var (ended, output) = Start("--with", rule, "--plugins", machine.Plugin);
        Assert.True(ended == 64, $"{ended}: {output}");
        return output;
    }

    private (int Code, string Output) Start(params string[] more)
    {
        var file = Path.Combine(folder.FullName, "field.json");
        File.WriteAllText(file, Field);
        return Build.Orchestrator(folder.FullName, TestContext.Current.CancellationToken, ["atlas", file, "--json", "--quiet", .. more]);
    }

    private static IEnumerable<string> Names(JsonElement atlas) =>
        atlas.GetProperty("ranks").GetProperty("variants").EnumerateArray().Select(rank => rank.GetProperty("name").GetString()!);

    private int Runs()
    {
        var runs = Path.Combine(folder.FullName, "runs", "field");
        return Directory.Exists(runs)
            ? Directory.EnumerateDirectories(runs).Count(run => !Path.GetFileName(run).StartsWith("sweep-", StringComparison.Ordinal))
            : 0;
    }
}
