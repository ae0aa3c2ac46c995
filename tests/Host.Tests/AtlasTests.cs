using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Host.Tests;

/// <summary>Rules of the program, with options of their own, put to a small field.</summary>
public sealed class AtlasTests : IDisposable
{
    private const string Rules = "\"heavy ball\": {}, \"Adam\": { \"optimizer.type\": \"adam\" }, \"hinge\": { \"optimizer.corrections\": [\"hinge\"] }, \"lwp\": { \"optimizer.type\": \"lwp\" }";

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("there is one; vary something besides", "--where", "workers.count=2")]
    [InlineData("rule: ranks are of 3 rules at least, and there are two", "--where", "rule=Adam,hinge")]
    [InlineData("sweep.seeds: seeds are added until", "--set", "sweep.seeds={\"from\":5,\"to\":6,\"until\":\"decided\"}", "--set", "sweep.compare.delta=0.01")]
    [InlineData("sweep.search: successive halving", "--set", "sweep.search={\"type\":\"successive-halving\",\"epochs\":[0.5],\"keep\":2}")]
    [InlineData("not every rule is run in every environment", "--set", "sweep.exclude=[{\"rule\":\"Adam\",\"workers.count\":2}]")]
    public void ASweepThatCanNeverHaveRanks_IsRefusedBeforeItsFirstRun(string reason, params string[] more)
    {
        var ended = Atlas(Field(), more);

        Assert.True(ended.ExitCode == 64, $"{ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        Assert.Contains("there can be no ranks: ", ended.Error, StringComparison.Ordinal);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(program.Runs));
    }

    [Fact]
    public void AFailedRun_LeavesOutItsRule_AndTheOthersAreRanked()
    {
        Ok(Field());
        Fail("rule=hinge workers.count=2, seed 1");

        var ended = Atlas(Field(), "--json");
        var atlas = JsonDocument.Parse(ended.Output).RootElement;

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(["Adam", "heavy ball", "lwp"], Ranked(atlas));
        Assert.Equal("no luck", Assert.Single(atlas.GetProperty("failed").EnumerateArray()).GetProperty("reason").GetString());
        var paragraph = atlas.GetProperty("paragraph").GetString();
        Assert.Contains("(12 runs, Orchestrator ", paragraph, StringComparison.Ordinal);
        Assert.Contains("Not ranked, for runs of them failed: hinge (in count = 2).", paragraph, StringComparison.Ordinal);

        Fail("rule=lwp workers.count=6, seed 1");
        var fewer = Atlas(Field());
        Assert.Contains("There are no ranks: runs of these have failed", fewer.Output, StringComparison.Ordinal);
        Assert.Contains("hinge (in count = 2), lwp (in count = 6)", fewer.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void ARuleThatWasRunWithAnotherBuild_IsTriedInEachOfItsCells()
    {
        string[] put = ["--with", "{\"type\":\"lwp\",\"momentum\":0.5}"];
        Ok(Field(), put);
        var done = Completions().Where(file => IsPut(file, "lwp momentum=0.5")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(4, done.Count);
        done.ForEach(file => Say(file, "build", "0123456789ab"));
        Directory.Delete(Path.Combine(program.Folder, "results"), recursive: true);

        Assert.Equal(2, JsonDocument.Parse(Ok(Field(), [.. put, "--dry-run", "--json"]).Output).RootElement.GetProperty("again").GetInt32());

        // Trials that came to their end, whose verdict an interruption took, are not made once more.
        Assert.Contains("Its digest is the same: what that build made counts.", Ok(Field(), put).Error, StringComparison.Ordinal);
        var runs = Directory.GetDirectories(Path.Combine(program.Runs, "field"));
        Directory.Delete(Path.Combine(program.Runs, ".sweeps", "builds"), recursive: true);
        Assert.Contains("Its digest is the same: what that build made counts.", Ok(Field(), put).Error, StringComparison.Ordinal);
        Assert.Equal(runs.Length, Directory.GetDirectories(Path.Combine(program.Runs, "field")).Length);
        Directory.Delete(Path.Combine(program.Runs, ".sweeps", "builds"), recursive: true);
        Directory.Delete(Path.Combine(program.Folder, "results"), recursive: true);

        // A change that shows in the second of them only.
        done.Where(file => JsonNode.Parse(File.ReadAllText(file))!["cell"]!.GetValue<string>() == CellOf("rule=lwp momentum=0.5 workers.count=6")).ToList()
            .ForEach(file => Say(file, "digest", new string('0', 64)));
        var again = Ok(Field(), put);

        Assert.Contains("Its digest is the same.", again.Error, StringComparison.Ordinal);
        Assert.Contains("4 results of another build count no longer.", again.Error, StringComparison.Ordinal);
        Assert.All(done, file => Assert.DoesNotContain(new string('0', 64), File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void ARuleOfAnyShape_CanBePut()
    {
        // Blanks before the object; a name that the field has in other letters.
        Assert.Contains("adam epsilon=0.01", Ranked(Json(Field(), "--with", "  {\"type\":\"adam\",\"epsilon\":0.01}")));

        // One that takes parameters brings its worker rule; one whose name is a value of another axis.
        Assert.Contains("easgd alpha=0.1", Ranked(Json(Field(), "--with", "{\"type\":\"easgd\",\"alpha\":0.1}")));
        var twin = Field().Replace("\"workers.count\": [2, 6]", "\"workers are\": { \"variants\": { \"polynomial\": {}, \"many\": { \"workers.count\": 6 } } }", StringComparison.Ordinal);
        Assert.Contains("polynomial", Ranked(Json(twin, "--with", "polynomial")));

        // An axis with a dot in its name.
        var dotted = Field().Replace("\"rule\": {", "\"my.rule\": {", StringComparison.Ordinal).Replace("\"axis\": \"rule\"", "\"axis\": \"my.rule\"", StringComparison.Ordinal);
        Assert.Contains("lwp momentum=0.5", Ranked(Json(dotted, "--with", "{\"type\":\"lwp\",\"momentum\":0.5}")));

        // An optimizer with corrections, each of which is put to its own suite.
        var both = Json(Field(), "--with", "{\"type\":\"lwp\",\"corrections\":[\"hinge\",{\"type\":\"polynomial\"}]}");
        Assert.Contains("lwp + hinge + polynomial", Ranked(both));
        foreach (var name in new[] { "lwp: Apply_TileByTile_ChangesNoBit", "hinge: Correct_TileByTile_ChangesNoBit", "polynomial: Correct_TileByTile_ChangesNoBit" })
        {
            Assert.True(Promise(both, name).GetProperty("isKept").GetBoolean());
        }

        // One that its options turn off.
        var off = Json(Field(), "--with", "{\"type\":\"delay-compensation\",\"lambda\":0}");
        Assert.Equal("With these options it changes nothing.", Promise(off, "Correct_OfStaleGradients_ChangesThem").GetProperty("skipped").GetString());
        Assert.Equal("heavy ball", Assert.Single(off.GetProperty("sameRuns").EnumerateArray()).GetString());
    }

    [Fact]
    public void ARuleThatBreaksItsContract_IsToldInJsonToo()
    {
        var ended = Atlas(Field(), "--json", "--with", "{\"type\":\"delay-compensation\",\"lambda\":1000000}");
        var atlas = JsonDocument.Parse(ended.Output).RootElement;

        Assert.Equal(1, ended.ExitCode);
        var promise = Promise(atlas, "Correct_OfStaleGradients_StaysFinite");
        Assert.False(promise.GetProperty("isKept").GetBoolean());
        Assert.StartsWith("A parameter became", promise.GetProperty("broken").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, atlas.GetProperty("ranks").ValueKind);
        Assert.Contains("breaks its contract", atlas.GetProperty("noRanks").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBePut_IsRefusedWithASentence()
    {
        Assert.Contains("one rule is put to the field at a time", Refused("--with", "adam", "--with", "lwp"), StringComparison.Ordinal);
        Assert.Contains("is no correction; 'optimizer:adam' puts it", Refused("--with", "correction:adam"), StringComparison.Ordinal);
        var zipped = Field().Replace("\"workers.count\": [2, 6]", "\"optimizer.learningRate,optimizer.weightDecay\": [[0.01, 0], [0.02, 0.1]]", StringComparison.Ordinal);
        var ended = Atlas(zipped, "--with", "{\"type\":\"lwp\",\"weightDecay\":0.5}");
        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("--with: weightDecay: every rule of this atlas is run with each value", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ADryRun_ShowsTheCellsOfTheRuleThatIsPut()
    {
        var rules = string.Join(", ", Enumerable.Range(1, 9).Select(n => $"\"momentum {n}\": {{ \"optimizer.momentum\": 0.{n} }}"));
        var forecast = Ok(Field().Replace(Rules, rules, StringComparison.Ordinal).Replace("\"heavy ball\"", "\"momentum 9\"", StringComparison.Ordinal), "--with", "lwp", "--dry-run");

        Assert.Contains("rule=lwp workers.count=6", forecast.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AGivenFolderOfPlugins_ComesBeforeThoseOfTheSettings()
    {
        string[] copies = [.. new[] { "old", "new" }.Select(name => Path.Combine(program.Folder, name))];
        foreach (var copy in copies)
        {
            Directory.CreateDirectory(copy);
            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "fixtures", "NeedsLibrary1")))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        }

        using var listing = program.StartWith(new Dictionary<string, string> { ["ORCHESTRATOR_PLUGINS"] = copies[0] }, "plugins", "list", "--plugins", copies[1]);
        var ended = listing.End();

        Assert.Contains("this copy of the delay 'library-version' is left out: " + copies[1], ended.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private static string Field() => $$"""
        {
          "name": "field", "dataset": { "type": "quadratic", "samples": 320 }, "model": "quadratic",
          "optimizer": { "type": "sgd", "momentum": 0.9, "learningRate": 0.01 },
          "workers": { "count": 2, "batchSize": 32, "compute": { "type": "gamma", "meanMs": 10 } },
          "stop": { "epochs": 5 }, "evaluation": { "everyEpochs": 5 },
          "sweep": {
            "axes": { "rule": { "variants": { {{Rules}} } }, "workers.count": [2, 6] },
            "seeds": 2, "compare": { "axis": "rule", "baseline": "heavy ball" }
          }
        }
        """;

    private Cli.Ended Atlas(string field, params string[] more) =>
        program.Run(["atlas", program.Pipeline(field, "field.json"), "--quiet", "--output", program.Runs, .. more]);

    private Cli.Ended Ok(string field, params string[] more)
    {
        var ended = Atlas(field, more);
        Assert.True(ended.ExitCode == 0, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended;
    }

    private JsonElement Json(string field, params string[] more) => JsonDocument.Parse(Ok(field, ["--json", .. more]).Output).RootElement;

    private string Refused(params string[] more)
    {
        var ended = Atlas(Field(), more);
        Assert.True(ended.ExitCode == 64, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended.Error.ReplaceLineEndings(" ");
    }

    private static IEnumerable<string> Ranked(JsonElement atlas) =>
        atlas.GetProperty("ranks").GetProperty("variants").EnumerateArray().Select(rank => rank.GetProperty("name").GetString()!).Order(StringComparer.Ordinal);

    private static JsonElement Promise(JsonElement atlas, string name) =>
        atlas.GetProperty("promises").EnumerateArray().Single(promise => promise.GetProperty("name").GetString() == name);

    private string[] Completions() => Directory.GetFiles(Path.Combine(program.Runs, ".sweeps"), "done", SearchOption.AllDirectories);

    private JsonNode Document() => JsonNode.Parse(File.ReadAllText(
        Directory.EnumerateFiles(Path.Combine(program.Runs, "field"), "sweep.json", SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc).First()))!;

    private string CellOf(string label) => Document()["cells"]!.AsArray().Single(cell => LabelOf(cell!) == label)!["key"]!.GetValue<string>();

    private static string LabelOf(JsonNode cell) => cell["values"]!.AsArray() is var values ? $"rule={values[0]} workers.count={values[1]}" : "";

    private bool IsPut(string done, string rule) =>
        Document()["cells"]!.AsArray().Any(cell => cell!["values"]![0]!.GetValue<string>() == rule && cell["key"]!.GetValue<string>() == CellOfRun(done));

    private static string CellOfRun(string done) => JsonNode.Parse(File.ReadAllText(done))!["cell"]!.GetValue<string>();

    private static void Say(string done, string name, string value)
    {
        var completion = JsonNode.Parse(File.ReadAllText(done))!;
        completion[name] = value;
        File.WriteAllText(done, completion.ToJsonString());
    }

    // As if it had been claimed, and had failed with the build that there is.
    private void Fail(string run)
    {
        var (label, seed) = (run.Split(", seed ")[0], long.Parse(run.Split(", seed ")[1], System.Globalization.CultureInfo.InvariantCulture));
        var done = Completions().Single(file => CellOfRun(file) == CellOf(label) && JsonNode.Parse(File.ReadAllText(file))!["seed"]!.GetValue<long>() == seed);
        Directory.Delete(Path.Combine(program.Runs, JsonNode.Parse(File.ReadAllText(done))!["folder"]!.GetValue<string>()), recursive: true);
        File.Delete(done);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(done)!, "end-1"), "{\"how\":\"failed\",\"message\":\"no luck\",\"writer\":\"test\"}");
        Directory.Delete(Path.Combine(program.Folder, "results"), recursive: true);
    }
}
