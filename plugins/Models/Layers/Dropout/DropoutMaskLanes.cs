using System.Runtime.CompilerServices;
using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// <see cref="DropoutMask"/>, for as many samples as there are lanes; the same at any vector width.
/// </summary>
internal static class DropoutMaskLanes<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>All bits set where a value stays.</summary>
    /// <param name="index">Index of the value within its sample: [place][channel].</param>
    /// <param name="first">First word of each sample's key.</param>
    /// <param name="second">Second word of each sample's key.</param>
    /// <param name="threshold">From <see cref="DropoutMask.Threshold"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Stays(uint index, TLanes first, TLanes second, TLanes threshold) =>
        TLanes.GreaterOrEqualBits(Mix(TLanes.AddBits(Mix(TLanes.Xor(TLanes.CreateBits(index), first)), second)), threshold);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Mix(TLanes bits)
    {
        bits = TLanes.MultiplyBits(TLanes.Xor(bits, TLanes.ShiftRight(bits, 16)), TLanes.CreateBits(0x85EBCA6B));
        bits = TLanes.MultiplyBits(TLanes.Xor(bits, TLanes.ShiftRight(bits, 13)), TLanes.CreateBits(0xC2B2AE35));
        return TLanes.Xor(bits, TLanes.ShiftRight(bits, 16));
    }
}
