using System.Text;
using Google.Protobuf;

namespace Orchestrator.Telemetry.Tests;

/// <summary>
/// A decoded protobuf message: its fields by number, in order. Numbers are those of OTLP's
/// published .proto files.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Number, ulong Bits, byte[]? Bytes)> fields = [];

    public ProtoMessage(byte[] bytes)
    {
        var input = new CodedInputStream(bytes);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            fields.Add(WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => (number, input.ReadUInt64(), null),
                WireFormat.WireType.Fixed64 => (number, input.ReadFixed64(), null),
                WireFormat.WireType.Fixed32 => (number, input.ReadFixed32(), null),
                WireFormat.WireType.LengthDelimited => (number, 0, input.ReadBytes().ToByteArray()),
                var other => throw new InvalidDataException($"wire type {other} of field {number}"),
            });
        }
    }

    public bool Has(int number) => fields.Any(f => f.Number == number);

    public IEnumerable<ProtoMessage> Messages(int number) => fields.Where(f => f.Number == number).Select(f => new ProtoMessage(f.Bytes!));

    public ProtoMessage? Message(int number) => Messages(number).LastOrDefault();

    public string Text(int number) => fields.Where(f => f.Number == number).Select(f => Encoding.UTF8.GetString(f.Bytes!)).LastOrDefault("");

    public string Hex(int number) => fields.Where(f => f.Number == number).Select(f => Convert.ToHexStringLower(f.Bytes!)).LastOrDefault("");

    public ulong Number(int number) => fields.Where(f => f.Number == number).Select(f => f.Bits).LastOrDefault();

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Number(number));

    /// <summary>A packed list of 64-bit values.</summary>
    public ulong[] Fixed64s(int number) =>
        [.. fields.Where(f => f.Number == number).SelectMany(f => f.Bytes is null ? [f.Bits] : f.Bytes.Chunk(8).Select(c => BitConverter.ToUInt64(c)))];

    /// <summary>A list of KeyValue (key 1, value 2).</summary>
    public Dictionary<string, object> Attributes(int number) => Messages(number).ToDictionary(pair => pair.Text(1), pair => Value(pair.Message(2)!));

    private static object Value(ProtoMessage any) => any switch
    {
        _ when any.Has(1) => any.Text(1),
        _ when any.Has(2) => any.Number(2) != 0,
        _ when any.Has(3) => (long)any.Number(3),
        _ when any.Has(4) => any.Double(4),
        _ => "",
    };
}
