namespace Orchestrator.Models.Tests;

/// <summary>
/// Four lanes that refuse to touch memory which no buffer of the replica (or of the test) holds.
/// </summary>
internal unsafe struct CheckedLanes(Lanes128 value) : ILanes<CheckedLanes>
{
    [ThreadStatic]
    private static List<(nint Start, nint End)>? buffers;

    private Lanes128 value = value;

    public static int Count => Lanes128.Count;

    public static int Registers => 32;

    public static void Forget() => buffers = [];

    public static void Allocated(float* start, nint length) => (buffers ??= []).Insert(0, ((nint)start, (nint)(start + length)));

    public static CheckedLanes Create(float value) => new(Lanes128.Create(value));

    public static CheckedLanes CreateBits(uint bits) => new(Lanes128.CreateBits(bits));

    public static CheckedLanes Broadcast(float* source) => new(Lanes128.Broadcast(Check(source, 1)));

    public static CheckedLanes Load(float* source) => new(Lanes128.Load(Check(source, Count)));

    public static void Store(float* destination, CheckedLanes value) => Lanes128.Store(Check(destination, Count), value.value);

    public static CheckedLanes operator +(CheckedLanes a, CheckedLanes b) => new(a.value + b.value);

    public static CheckedLanes operator -(CheckedLanes a, CheckedLanes b) => new(a.value - b.value);

    public static CheckedLanes operator *(CheckedLanes a, CheckedLanes b) => new(a.value * b.value);

    public static CheckedLanes operator /(CheckedLanes a, CheckedLanes b) => new(a.value / b.value);

    public static CheckedLanes FusedMultiplyAdd(CheckedLanes a, CheckedLanes b, CheckedLanes c) => new(Lanes128.FusedMultiplyAdd(a.value, b.value, c.value));

    public static void AddProduct(ref CheckedLanes sum, CheckedLanes a, CheckedLanes b) => Lanes128.AddProduct(ref sum.value, a.value, b.value);

    public static CheckedLanes SquareRoot(CheckedLanes value) => new(Lanes128.SquareRoot(value.value));

    public static CheckedLanes Max(CheckedLanes a, CheckedLanes b) => new(Lanes128.Max(a.value, b.value));

    public static CheckedLanes Equal(CheckedLanes a, CheckedLanes b) => new(Lanes128.Equal(a.value, b.value));

    public static CheckedLanes Greater(CheckedLanes a, CheckedLanes b) => new(Lanes128.Greater(a.value, b.value));

    public static CheckedLanes GreaterOrEqualBits(CheckedLanes a, CheckedLanes b) => new(Lanes128.GreaterOrEqualBits(a.value, b.value));

    public static CheckedLanes Select(CheckedLanes mask, CheckedLanes a, CheckedLanes b) => new(Lanes128.Select(mask.value, a.value, b.value));

    public static CheckedLanes And(CheckedLanes a, CheckedLanes b) => new(Lanes128.And(a.value, b.value));

    public static CheckedLanes Or(CheckedLanes a, CheckedLanes b) => new(Lanes128.Or(a.value, b.value));

    public static CheckedLanes Xor(CheckedLanes a, CheckedLanes b) => new(Lanes128.Xor(a.value, b.value));

    public static CheckedLanes AddBits(CheckedLanes a, CheckedLanes b) => new(Lanes128.AddBits(a.value, b.value));

    public static CheckedLanes MultiplyBits(CheckedLanes a, CheckedLanes b) => new(Lanes128.MultiplyBits(a.value, b.value));

    public static CheckedLanes ShiftLeft(CheckedLanes value, int count) => new(Lanes128.ShiftLeft(value.value, count));

    public static CheckedLanes ShiftRight(CheckedLanes value, int count) => new(Lanes128.ShiftRight(value.value, count));

    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        for (var row = 0; row < Count; row++)
        {
            Check(source + (row * sourceStride), Count);
            Check(destination + (row * destinationStride), Count);
        }

        Lanes128.Transpose(source, sourceStride, destination, destinationStride);
    }

    private static float* Check(float* address, int length)
    {
        var (start, end) = ((nint)address, (nint)(address + length));
        foreach (var buffer in buffers ?? [])
        {
            if (start >= buffer.Start && end <= buffer.End)
            {
                return address;
            }
        }

        throw new InvalidOperationException($"{length} floats at {start:x} are outside of every buffer");
    }
}
