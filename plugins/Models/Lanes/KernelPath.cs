using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>
/// The widths that kernels exist in. Results differ between them in the last bits, because sums
/// over a batch are folded per lane.
/// </summary>
internal enum KernelPath
{
    Scalar,
    Vector128,
    Avx2,
    Avx512,
}

internal static class KernelPaths
{
    /// <summary>
    /// Environment variable that forces a path (avx512, avx2, vector128, scalar), e.g. to reproduce
    /// a run of another machine.
    /// </summary>
    public const string Variable = "ORCHESTRATOR_KERNELS";

    /// <summary>The forced path, or the widest that this processor has.</summary>
    /// <exception cref="OptionException">The forced path is unknown, or this processor lacks
    /// it.</exception>
    public static KernelPath Choose()
    {
        var forced = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(forced) ? Enum.GetValues<KernelPath>().Last(IsSupported) : Parse(forced);
    }

    /// <summary>The name in run records: <c>managed/avx512</c>.</summary>
    public static string NameOf(KernelPath path) => "managed/" + path.ToString().ToLowerInvariant();

    // Avx512F itself is asked: Vector512.IsHardwareAccelerated is false on processors that prefer
    // 256 bits, where AVX-512 still wins.
    public static bool IsSupported(KernelPath path) => path switch
    {
        KernelPath.Avx512 => Avx512F.IsSupported,
        KernelPath.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        KernelPath.Vector128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };

    private static KernelPath Parse(string name)
    {
        if (!Enum.TryParse<KernelPath>(name, ignoreCase: true, out var path) || !Enum.IsDefined(path))
        {
            throw new OptionException("", $"{Variable} is '{name}'; allowed: avx512, avx2, vector128, scalar.");
        }

        return IsSupported(path) ? path : throw new OptionException("", $"{Variable} is '{name}', which this processor does not have.");
    }
}
