using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>
/// The widths that kernels exist in, narrowest first. Results are the same in all of them.
/// </summary>
internal enum VectorPath
{
    Scalar,
    Vector128,
    Avx2,
    Avx512,
}

internal static class VectorPaths
{
    /// <summary>
    /// What the results of all of them depend on, in run records and hosts' handshakes.
    /// </summary>
    public const string KernelPath = "managed";

    /// <summary>
    /// Environment variable that forces a path (avx512, avx2, vector128, scalar), e.g. to compare
    /// their speed.
    /// </summary>
    public const string Variable = "ORCHESTRATOR_KERNELS";

    /// <summary>The forced path, or the widest that this processor has.</summary>
    /// <exception cref="OptionException">The forced path is unknown, or this processor lacks
    /// it.</exception>
    public static VectorPath Choose()
    {
        var forced = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(forced) ? Enum.GetValues<VectorPath>().Last(IsSupported) : Parse(forced);
    }

    /// <summary>
    /// The name in a run's environment: <c>avx512</c>; what lacks fused multiply-add and is slow
    /// for it says so.
    /// </summary>
    public static string NameOf(VectorPath path) => path.ToString().ToLowerInvariant() + (FusedProduct.IsFast ? "" : " without fused multiply-add");

    // Avx512F itself is asked: Vector512.IsHardwareAccelerated is false on processors that prefer
    // 256 bits, where AVX-512 still wins.
    public static bool IsSupported(VectorPath path) => path switch
    {
        VectorPath.Avx512 => Avx512F.IsSupported,
        VectorPath.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        VectorPath.Vector128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };

    private static VectorPath Parse(string name)
    {
        if (!Enum.TryParse<VectorPath>(name, ignoreCase: true, out var path) || !Enum.IsDefined(path))
        {
            throw new OptionException("", $"{Variable} is '{name}'; allowed: avx512, avx2, vector128, scalar.");
        }

        return IsSupported(path) ? path : throw new OptionException("", $"{Variable} is '{name}', which this processor does not have.");
    }
}
