using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>What <c>vectors</c> writes is what runs do, and what other programs compute.</summary>
public sealed class VectorsTests(VectorsTests.Written written) : IClassFixture<VectorsTests.Written>, IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void TheSameBytes_ComeTwice_AndAreThoseOfOrdinaryRuns()
    {
        var (first, second) = (written.Folder, Vectors(program, "second"));
        var files = Directory.EnumerateFiles(first).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(136, files.Count);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(first, file)), File.ReadAllBytes(Path.Combine(second, file))));
        foreach (var name in new[] { "heavy-ball-constant", "dana-zero-gap-aware-look-ahead-steps", "easgd-steps", "weight-decay-steps", "dana-slim-constant" })
        {
            using var vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(first, name + ".json")));
            var run = program.RunJson(program.Pipeline(vectors.RootElement.GetProperty("pipeline").GetRawText(), name + ".json"), 0, "--no-report");

            Assert.Equal(vectors.RootElement.GetProperty("digest").GetString(), run.GetProperty("digest").GetString());
            Assert.Equal(201, vectors.RootElement.GetProperty("parameters").GetArrayLength());
        }
    }

    [Fact]
    public void TheSameNumbers_AreInBothFiles_AndTheListNamesThem()
    {
        var folder = written.Folder;
        using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "trajectories.json")));
        var names = list.RootElement.EnumerateArray().Select(name => name.GetString()!).ToList();

        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(folder, "*.npz").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, name + ".json")));
            using var archive = ZipFile.OpenRead(Path.Combine(folder, name + ".npz"));
            Assert.Equal(7, archive.Entries.Count);
            foreach (var entry in archive.Entries)
            {
                var bits = Numbers(json.RootElement.GetProperty(Path.GetFileNameWithoutExtension(entry.Name)), entry).ToList();
                Assert.True(bits.All(pair => pair.Json == pair.Npz), $"{name}: {entry.Name}");
            }
        }
    }

    [Fact]
    public void EveryRuleOfTheServer_HasATrajectory_AndIsInTheAtlas()
    {
        var folder = written.Folder;
        var computed = Directory.EnumerateFiles(folder, "*.json").Where(file => Path.GetFileName(file) != "trajectories.json").SelectMany(file =>
        {
            using var vectors = JsonDocument.Parse(File.ReadAllBytes(file));
            return Types(vectors.RootElement.GetProperty("optimizer")).ToList();
        });
        using var atlas = JsonDocument.Parse(File.ReadAllText(Cli.Shipped("atlas.json")), new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        var ranked = Types(atlas.RootElement.GetProperty("optimizer"))
            .Concat(Types(atlas.RootElement.GetProperty("sweep").GetProperty("axes").GetProperty("rule").GetProperty("variants")));
        using var plugins = JsonDocument.Parse(program.Run("plugins", "list", "--json").Output);
        var rules = plugins.RootElement.GetProperty("plugins").EnumerateArray()
            .Where(plugin => plugin.GetProperty("kind").GetString() is "optimizer" or "correction").Select(plugin => plugin.GetProperty("name").GetString()!).ToList();

        Assert.Equal(15, rules.Count);
        Assert.Empty(rules.Except(computed));
        Assert.Empty(rules.Except(ranked));
    }

    [Theory]
    [InlineData("numpy", "return g / (tau + 1)", "return g / (tau + 2)", "staleness-aware", "weight-decay", "dana-zero-staleness-aware")]
    [InlineData("numpy", "return g / (tau + 1)", "return g * np.nan", "staleness-aware", "weight-decay", "dana-zero-staleness-aware")]
    [InlineData("numpy", "o[\"weightDecay\"] * given", "0", "weight-decay")]
    [InlineData("numpy", " + o[\"epsilon\"]", " + 1e-8", "adam-epsilon")]
    [InlineData("numpy", " + c[\"epsilon\"])))", " + 1e-8)))", "gap-aware-epsilon")]
    [InlineData("numpy", "ema + c[\"epsilon\"]", "ema + 1e-7", "delay-compensation-adaptive-epsilon")]
    [InlineData("torch", "g = g / (tau + 1)", "g = g / (tau + 2)", "staleness-aware", "dana-zero-staleness-aware")]
    [InlineData("torch", "g = g / (tau + 1)", "g = g * math.nan", "staleness-aware", "dana-zero-staleness-aware")]
    public void ItsChecker_FindsAWrongRuleWrong_AndNoOther(string library, string right, string wrong, params string[] rules)
    {
        SkipWithout(library);
        var text = File.ReadAllText(Path.Combine(written.Folder, $"check_{library}.py"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        var checker = Path.Combine(program.Folder, "check.py");
        File.WriteAllText(checker, text.Replace(right, wrong, StringComparison.Ordinal));

        var (code, output) = Run(checker, written.Folder);

        Assert.True(code == 1, output);
        var mistaken = output.Split('\n').Where(line => line.StartsWith("WRONG", StringComparison.Ordinal));
        Assert.Equal(
            rules.SelectMany(rule => new[] { rule + "-constant", rule + "-steps" }).Order(StringComparer.Ordinal),
            mistaken.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("numpy", 66)]
    [InlineData("torch", 26)]
    public void ItsChecker_FindsEveryRuleRight_AndMissesNone(string library, int trajectories)
    {
        SkipWithout(library);
        var (folder, checker) = (Directory.CreateDirectory(Path.Combine(program.Folder, "copy")).FullName, Path.Combine(written.Folder, $"check_{library}.py"));
        foreach (var file in Directory.EnumerateFiles(written.Folder))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var (code, output) = Run(checker, folder);
        Assert.True(code == 0, output);
        Assert.Equal(trajectories, output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));

        File.WriteAllBytes(Path.Combine(folder, "of-somebody-else.npz"), [1, 2, 3]);
        Assert.Equal(0, Run(checker, folder).Code);
        File.Delete(Path.Combine(folder, "dana-zero-steps.npz"));
        File.Delete(Path.Combine(folder, "dana-zero-steps.json"));
        Assert.Equal(1, Run(checker, folder).Code);
        Assert.StartsWith("usage: ", Run(checker).Output, StringComparison.Ordinal);
    }

    private static void SkipWithout(string library) =>
        Assert.SkipUnless(File.Exists(Python) && Run("-c", $"import numpy, {library}").Code == 0, $"skipped: {Python} has no {library}");

    // Every plugin's name in a part of a pipeline, which stands alone, or as a type.
    private static IEnumerable<string> Types(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Types),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Types(property.Value)),
        _ => [],
    };

    private static IEnumerable<(long Json, long Npz)> Numbers(JsonElement json, ZipArchiveEntry entry)
    {
        using var file = entry.Open();
        using var memory = new MemoryStream();
        file.CopyTo(memory);
        var bytes = memory.ToArray();
        var start = 10 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        var type = System.Text.Encoding.ASCII.GetString(bytes, 10, start - 10).Split('\'')[3];
        List<JsonElement> elements = [.. json.EnumerateArray().SelectMany(row => row.ValueKind == JsonValueKind.Array ? row.EnumerateArray().ToArray() : [row])];
        var size = type[2] - '0';
        Assert.Equal(elements.Count * size, bytes.Length - start);
        return elements.Select((element, i) => type switch
        {
            "<f4" => (BitConverter.SingleToInt32Bits(element.GetSingle()), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(start + (i * size)))),
            "<f8" => (BitConverter.DoubleToInt64Bits(element.GetDouble()), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(start + (i * size)))),
            "<i4" => (element.GetInt32(), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(start + (i * size)))),
            _ => (element.GetInt64(), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(start + (i * size)))),
        });
    }

    private static string Vectors(Cli program, string name)
    {
        var folder = Path.Combine(program.Folder, name);
        var ended = program.Run("vectors", folder);
        Assert.True(ended.ExitCode == 0, ended.Error);
        return folder;
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        if (!python.WaitForExit(Patience))
        {
            python.Kill();
            Assert.Fail($"{string.Join(' ', arguments)} did not end within {Patience.TotalSeconds} s.");
        }

        return (python.ExitCode, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
    }

    /// <summary>The vectors, written once for all tests that only read them.</summary>
    public sealed class Written : IDisposable
    {
        private readonly Cli program = new();

        public Written() => Folder = Vectors(program, "vectors");

        public string Folder { get; }

        public void Dispose() => program.Dispose();
    }
}
