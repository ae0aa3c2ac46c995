using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Orchestrator.Models;

/// <summary>16 lanes: AVX-512.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    private readonly Vector512<float> value = value;

    public static int Count => Vector512<float>.Count;

    public static int Registers => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 CreateBits(uint bits) => new(Vector512.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float* source) => new(Vector512.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Lanes512 value) => value.value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a.value / b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 FusedMultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Avx512F.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SquareRoot(Lanes512 value) => new(Vector512.Sqrt(value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Avx512F.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Equal(Lanes512 a, Lanes512 b) => new(Vector512.Equals(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Greater(Lanes512 a, Lanes512 b) => new(Vector512.GreaterThan(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 GreaterOrEqualBits(Lanes512 a, Lanes512 b) =>
        new(Vector512.GreaterThanOrEqual(a.value.AsUInt32(), b.value.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 a, Lanes512 b) => new(Vector512.ConditionalSelect(mask.value, a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 And(Lanes512 a, Lanes512 b) => new(a.value & b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Or(Lanes512 a, Lanes512 b) => new(a.value | b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Xor(Lanes512 a, Lanes512 b) => new(a.value ^ b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddBits(Lanes512 a, Lanes512 b) => new((a.value.AsUInt32() + b.value.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyBits(Lanes512 a, Lanes512 b) => new((a.value.AsUInt32() * b.value.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ShiftLeft(Lanes512 value, int count) => new((value.value.AsUInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ShiftRight(Lanes512 value, int count) => new((value.value.AsUInt32() >>> count).AsSingle());

    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        // rows[4g + c]: rows 4g .. 4g+3 of columns c, 4+c, 8+c, 12+c, one column in each 128-bit quarter.
        var rows = stackalloc Vector512<float>[16];
        for (var group = 0; group < 4; group++, source += 4 * sourceStride)
        {
            var (low, high) = Interleave(Vector512.Load(source), Vector512.Load(source + sourceStride));
            var (lower, higher) = Interleave(Vector512.Load(source + (2 * sourceStride)), Vector512.Load(source + (3 * sourceStride)));
            (rows[4 * group], rows[(4 * group) + 1]) = InterleavePairs(low, lower);
            (rows[(4 * group) + 2], rows[(4 * group) + 3]) = InterleavePairs(high, higher);
        }

        for (var column = 0; column < 4; column++, destination += destinationStride)
        {
            var first = Avx512F.Shuffle4x128(rows[column], rows[4 + column], 0b01_00_01_00);
            var second = Avx512F.Shuffle4x128(rows[8 + column], rows[12 + column], 0b01_00_01_00);
            var third = Avx512F.Shuffle4x128(rows[column], rows[4 + column], 0b11_10_11_10);
            var fourth = Avx512F.Shuffle4x128(rows[8 + column], rows[12 + column], 0b11_10_11_10);
            Avx512F.Shuffle4x128(first, second, 0b10_00_10_00).Store(destination);
            Avx512F.Shuffle4x128(first, second, 0b11_01_11_01).Store(destination + (4 * destinationStride));
            Avx512F.Shuffle4x128(third, fourth, 0b10_00_10_00).Store(destination + (8 * destinationStride));
            Avx512F.Shuffle4x128(third, fourth, 0b11_01_11_01).Store(destination + (12 * destinationStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Low, Vector512<float> High) Interleave(Vector512<float> a, Vector512<float> b) =>
        (Avx512F.UnpackLow(a, b), Avx512F.UnpackHigh(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Low, Vector512<float> High) InterleavePairs(Vector512<float> a, Vector512<float> b) =>
        (Avx512F.UnpackLow(a.AsDouble(), b.AsDouble()).AsSingle(), Avx512F.UnpackHigh(a.AsDouble(), b.AsDouble()).AsSingle());
}
