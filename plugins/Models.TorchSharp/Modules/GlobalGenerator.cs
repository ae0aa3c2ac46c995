using TorchSharp;

namespace Orchestrator.Models.TorchSharp;

/// <summary>
/// libtorch's generators of the process, one of each device, from which modules draw when they are
/// made, and modules that cannot be changed when they drop out. Whoever lets something draw holds
/// them and seeds them first, so that no thread sees another's numbers.
/// </summary>
internal static class GlobalGenerator
{
    private static readonly Lock Gate = new();

    /// <summary>Runs with the generators seeded and to itself.</summary>
    public static T Seeded<T>(long seed, Func<T> work)
    {
        lock (Gate)
        {
            // TorchSharp's manual_seed is of the processor's alone; the other does nothing without
            // CUDA.
            torch.manual_seed(seed);
            torch.cuda.manual_seed_all(seed);
            return work();
        }
    }

    /// <summary>
    /// Whether something draws from them: seen in the processor's, assumed of other devices, whose
    /// state TorchSharp does not show.
    /// </summary>
    public static bool IsUsedBy(Action work, torch.Device device)
    {
        lock (Gate)
        {
            torch.manual_seed(0);
            using var before = torch.get_rng_state();
            work();
            using var after = torch.get_rng_state();
            return device.type != DeviceType.CPU || !before.bytes.SequenceEqual(after.bytes);
        }
    }
}
