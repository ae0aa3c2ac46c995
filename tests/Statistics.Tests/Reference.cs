using System.Text.Json;

namespace Orchestrator.Statistics.Tests;

/// <summary>
/// Values that scipy and plain enumeration computed: ours (Data/make_reference.py makes them), and
/// a second set that lies beside a checkout in some places.
/// </summary>
internal static class Reference
{
    /// <summary>How near ours have to be: relative, or absolute below one.</summary>
    public const double Tolerance = 1e-9;

    private static readonly List<(string Set, JsonElement Root)> Sets = Load();

    /// <summary>Every case of a kind, of every set; at least one.</summary>
    public static IEnumerable<JsonElement> Cases(string kind)
    {
        var cases = Sets.Where(s => s.Root.TryGetProperty(kind, out _))
            .SelectMany(s => s.Root.GetProperty(kind) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToArray() : [s.Root.GetProperty(kind)])
            .ToList();
        Assert.NotEmpty(cases);
        return cases;
    }

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static double[] Numbers(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    public static Interval Interval(this JsonElement element, string name) => new(element.Numbers(name)[0], element.Numbers(name)[1]);

    public static void Near(double expected, double actual, double tolerance = Tolerance) =>
        Assert.InRange(Math.Abs(expected - actual) / Math.Max(1, Math.Abs(expected)), 0, tolerance);

    public static void Near(Interval expected, Interval? actual, double tolerance = Tolerance)
    {
        Near(expected.Low, actual!.Value.Low, tolerance);
        Near(expected.High, actual.Value.High, tolerance);
    }

    private static List<(string, JsonElement)> Load()
    {
        var sets = new List<(string, JsonElement)>();
        var root = Repository.Root;
        string[] files = [Path.Combine(root, "tests/Statistics.Tests/Data/reference.json"), Path.Combine(root, "../shared/statistics/reference.json")];
        foreach (var file in files.Where(File.Exists))
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            sets.Add((file, document.RootElement.Clone()));
        }

        return sets;
    }
}
