using System.Diagnostics;
using System.Text;

namespace Orchestrator.Composition.Tests;

/// <summary>
/// Valid pipelines, damaged at random in bytes and in structure: never a crash, a hang, or a
/// failure without a place.
/// </summary>
public sealed class MutationTests : IDisposable
{
    private static readonly string[] Nonsense =
    [
        "null", "true", "-1", "0", "1e999", "-0", "1.5", "99999999999999999999", "NaN", "\"\"", "\"\\u0000\"", "[]", "{}", "[[]]", "{\"type\":null}", "\"sgd\"",
        "{\"type\":\"tiny\"}",
        "{\"type\":\"throws\"}", "{\"type\":\"throws-in-use\"}", "{\"type\":\"refuses\"}", "1000000", "2147483647", "-2147483649", "9223372036854775807",
    ];

    private readonly Written files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Two_thousand_damaged_pipelines_are_explained() => Run(seed: 11, count: 2_000);

    [Fact(Explicit = true)]
    [Trait("Slow", "true")]
    public void A_hundred_thousand_damaged_pipelines_are_explained() => Run(seed: 12, count: 100_000);

    private void Run(int seed, int count)
    {
        var random = new Random(seed);
        var sources = SchemaTests.ShippedPipelines().Where(f => !File.ReadAllText(f).Contains("\"extends\"", StringComparison.Ordinal))
            .Select(File.ReadAllBytes).Append(Encoding.UTF8.GetBytes(Documents.Good)).ToList();
        var (refused, slowest) = (0, TimeSpan.Zero);
        for (var i = 0; i < count; i++)
        {
            var bytes = Damage(sources[random.Next(sources.Count)], random);
            var started = Stopwatch.GetTimestamp();
            refused += Explained(bytes, $"seed {seed}, number {i}") ? 1 : 0;
            slowest = Max(slowest, Stopwatch.GetElapsedTime(started));
        }

        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(refused, count / 4, count);
        Assert.InRange(Environment.WorkingSet, 0, 2L << 30);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private bool Explained(byte[] bytes, string which)
    {
        var path = files.Bytes("p.json", bytes);
        var result = Pipeline.Load(path, Shipped.WithFixtures, Shipped.Request());
        Assert.True(result.Pipeline is null == result.Mistakes.Count > 0, which);
        foreach (var mistake in result.Mistakes)
        {
            var isPlaced = mistake.Where.StartsWith(path, StringComparison.Ordinal) || mistake.Where == "default";
            Assert.True(isPlaced && mistake.Message.Length > 10 && !mistake.ToString().Any(char.IsControl), $"{which}: {mistake}");
        }

        return result.Pipeline is null;
    }

    private static byte[] Damage(byte[] source, Random random)
    {
        var bytes = source.ToList();
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, random.Next(Math.Min(20, bytes.Count - at))); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, random.Next(Math.Min(40, bytes.Count - at)))); break;
                case 3: bytes.RemoveRange(at, bytes.Count - at); break;
                case 4: bytes.Insert(at, (byte)"{}[],:\"\\0123456789.-e"[random.Next(20)]); break;
                default: ReplaceValue(bytes, at, Nonsense[random.Next(Nonsense.Length)]); break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Puts nonsense where the next value stands.</summary>
    private static void ReplaceValue(List<byte> bytes, int at, string value)
    {
        var colon = bytes.IndexOf((byte)':', at);
        if (colon < 0)
        {
            return;
        }

        var end = bytes.FindIndex(colon, b => b is (byte)',' or (byte)'}' or (byte)']' or (byte)'\n');
        bytes.RemoveRange(colon + 1, (end < 0 ? bytes.Count : end) - colon - 1);
        bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(value));
    }
}
