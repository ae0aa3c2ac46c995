using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>
/// Random words by position, the same at any vector width: two words per sample, drawn from the batch's stream, key a hash of the value's index. The
/// hash is two rounds of MurmurHash3's finaliser (Appleby, public domain), each with a word of the key.
/// </summary>
internal static class DropoutMask<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>All bits set where a value stays.</summary>
    /// <param name="index">Index of the value within its sample: [place][channel].</param>
    /// <param name="first">First word of each sample's key.</param>
    /// <param name="second">Second word of each sample's key.</param>
    /// <param name="threshold">The rate, times 2^32.</param>
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
