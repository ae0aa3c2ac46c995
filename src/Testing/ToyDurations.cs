using Orchestrator.Numerics;

namespace Orchestrator.Testing;

/// <summary>
/// Durations for <see cref="ToyRun"/>, in ns, each a function of worker and gradient number alone.
/// </summary>
public static class ToyDurations
{
    /// <summary>Names for <see cref="Of"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["equal", "random", "long-tailed", "one-slow", "ranked"];

    /// <summary>A stream of durations by name.</summary>
    public static Func<int, long, long> Of(string name) => name switch
    {
        "equal" => (_, _) => 1000, // every arrival is a tie
        "random" => Random,
        "long-tailed" => (worker, gradient) => 1_000_000 / Random(worker, gradient),
        "one-slow" => (worker, gradient) => Random(worker, gradient) * (worker == 0 ? 20 : 1),
        "ranked" => (worker, _) => 100 * (worker + 1),
        _ => throw new ArgumentException($"No durations are called '{name}'.", nameof(name)),
    };

    // 1 to 1000 ns, the same on any machine.
    private static long Random(int worker, long gradient)
    {
        var mixed = Philox.Block((uint)gradient, (uint)(gradient >> 32), (uint)worker, 0, 0x5EED, 0);
        return 1 + (mixed.W0 % 1000);
    }
}
