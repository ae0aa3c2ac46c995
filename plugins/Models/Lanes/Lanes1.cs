namespace Orchestrator.Models;

/// <summary>One lane: plain scalar code, the reference for the others.</summary>
internal unsafe struct Lanes1(float value) : ILanes<Lanes1>
{
    private float value = value;

    public static int Count => 1;

    public static int Registers => 16;

    public readonly float Value => value;

    private readonly uint Bits => BitConverter.SingleToUInt32Bits(value);

    public static Lanes1 Create(float value) => new(value);

    public static Lanes1 CreateBits(uint bits) => new(BitConverter.UInt32BitsToSingle(bits));

    public static Lanes1 Broadcast(float* source) => new(*source);

    public static Lanes1 Load(float* source) => new(*source);

    public static void Store(float* destination, Lanes1 value) => *destination = value.value;

    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a.value + b.value);

    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a.value - b.value);

    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a.value * b.value);

    public static Lanes1 operator /(Lanes1 a, Lanes1 b) => new(a.value / b.value);

    public static Lanes1 FusedMultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(Fused(a.value, b.value, c.value));

    public static void AddProduct(ref Lanes1 sum, Lanes1 a, Lanes1 b) => sum.value = Fused(a.value, b.value, sum.value);

    public static Lanes1 SquareRoot(Lanes1 value) => new(MathF.Sqrt(value.value));

    public static Lanes1 Max(Lanes1 a, Lanes1 b) => a.value > b.value ? a : b;

    public static Lanes1 Equal(Lanes1 a, Lanes1 b) => Mask(a.value == b.value);

    public static Lanes1 Greater(Lanes1 a, Lanes1 b) => Mask(a.value > b.value);

    public static Lanes1 GreaterOrEqualBits(Lanes1 a, Lanes1 b) => Mask(a.Bits >= b.Bits);

    public static Lanes1 Select(Lanes1 mask, Lanes1 a, Lanes1 b) => CreateBits((mask.Bits & a.Bits) | (~mask.Bits & b.Bits));

    public static Lanes1 And(Lanes1 a, Lanes1 b) => CreateBits(a.Bits & b.Bits);

    public static Lanes1 Or(Lanes1 a, Lanes1 b) => CreateBits(a.Bits | b.Bits);

    public static Lanes1 Xor(Lanes1 a, Lanes1 b) => CreateBits(a.Bits ^ b.Bits);

    public static Lanes1 AddBits(Lanes1 a, Lanes1 b) => CreateBits(unchecked(a.Bits + b.Bits));

    public static Lanes1 MultiplyBits(Lanes1 a, Lanes1 b) => CreateBits(unchecked(a.Bits * b.Bits));

    public static Lanes1 ShiftLeft(Lanes1 value, int count) => CreateBits(value.Bits << count);

    public static Lanes1 ShiftRight(Lanes1 value, int count) => CreateBits(value.Bits >> count);

    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride) => *destination = *source;

    private static float Fused(float a, float b, float c) => FusedProduct.IsFast ? MathF.FusedMultiplyAdd(a, b, c) : FusedProduct.Add(a, b, c);

    private static Lanes1 Mask(bool set) => CreateBits(set ? uint.MaxValue : 0);
}
