using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Orchestrator.Transports;

/// <summary>
/// A short wait that keeps its core, about 20 us, before a thread sleeps. It is worth it only where
/// what is waited for tends to come within that time, so after misses it is left out more and more
/// often, and tried again now and then.
/// </summary>
internal sealed class Spin
{
    private const int Rounds = 400;
    private const int RarestTry = 64;

    private int leaveOut;
    private int misses;

    /// <summary>Waits a little for a condition.</summary>
    /// <returns>Whether it came true.</returns>
    public bool For<T>(T owner, Func<T, bool> condition)
    {
        // On one core the other side could not run meanwhile.
        if (Environment.ProcessorCount == 1 || (leaveOut > 0 && leaveOut-- > 0))
        {
            return condition(owner);
        }

        for (var i = 0; i < Rounds; i++)
        {
            if (condition(owner))
            {
                misses = 0;
                return true;
            }

            Pause();
        }

        misses = Math.Min(misses + 1, 30);
        leaveOut = misses < 4 ? 0 : Math.Min(RarestTry, 1 << (misses - 3));
        return false;
    }

    // Thread.SpinWait takes longer, by as much as was measured when the process began.
    private static void Pause()
    {
        if (X86Base.IsSupported)
        {
            X86Base.Pause();
        }
        else if (ArmBase.IsSupported)
        {
            ArmBase.Yield();
        }
    }
}
