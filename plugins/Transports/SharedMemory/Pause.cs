using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Orchestrator.Transports;

/// <summary>A moment of a spin, as the processor has it: <see cref="Thread.SpinWait"/> takes longer, by as much as was measured when the process began.</summary>
internal static class Pause
{
    /// <summary>About 20 us in all; none on one core, where the other side could not run meanwhile.</summary>
    public static readonly int Spins = Environment.ProcessorCount > 1 ? 400 : 0;

    public static void Once()
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
