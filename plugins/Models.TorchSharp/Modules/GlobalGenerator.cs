using TorchSharp;

namespace Orchestrator.Models.TorchSharp;

/// <summary>
/// libtorch's one generator of the process, from which modules draw when they are made, and modules
/// that cannot be changed when they drop out. Whoever lets something draw holds it and seeds it
/// first, so that no thread sees another's numbers.
/// </summary>
internal static class GlobalGenerator
{
    private static readonly Lock Gate = new();

    /// <summary>Runs with the generator seeded and to itself.</summary>
    public static T Seeded<T>(long seed, Func<T> work)
    {
        lock (Gate)
        {
            torch.manual_seed(seed);
            return work();
        }
    }

    /// <summary>Whether something draws from it.</summary>
    public static bool IsUsedBy(Action work)
    {
        lock (Gate)
        {
            torch.manual_seed(0);
            using var before = torch.get_rng_state();
            work();
            using var after = torch.get_rng_state();
            return !before.bytes.SequenceEqual(after.bytes);
        }
    }
}
