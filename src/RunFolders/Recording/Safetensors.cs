using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// The safetensors format (huggingface.co/docs/safetensors), F32 only: the header's length as 8
/// little-endian bytes, the header as JSON padded with spaces to a multiple of 8, then the tensors
/// one after the other, little-endian and row-major.
/// </summary>
public static class Safetensors
{
    /// <summary>The final parameters' file in a run folder.</summary>
    public const string ParametersFileName = "parameters.safetensors";

    private const string ElementType = "F32";

    /// <summary>
    /// Writes a model's parameters and buffers under their names, the whole file or nothing.
    /// </summary>
    /// <param name="path">Of the file.</param>
    /// <param name="layout">Names, shapes and places.</param>
    /// <param name="parameters">Length <see cref="ParameterLayout.Length"/>.</param>
    /// <param name="buffers">Length <see cref="ParameterLayout.BufferLength"/>, or empty to leave
    /// them out.</param>
    /// <exception cref="RecorderException">The file cannot be written.</exception>
    public static void Write(string path, ParameterLayout layout, ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, layout.Length);
        var bufferTensors = buffers.IsEmpty ? [] : layout.Buffers;
        ArgumentOutOfRangeException.ThrowIfNotEqual(buffers.Length, bufferTensors.Sum(t => t.Length));

        var data = new byte[(parameters.Length + buffers.Length) * (long)sizeof(float)];
        var rest = MemoryMarshal.Cast<byte, float>(data.AsSpan());
        rest = Copy(layout.Parameters, parameters, rest);
        Copy(bufferTensors, buffers, rest);
        if (!BitConverter.IsLittleEndian)
        {
            var words = MemoryMarshal.Cast<byte, int>(data.AsSpan());
            BinaryPrimitives.ReverseEndianness(words, words);
        }

        WholeFile.Write(path, Header([.. layout.Parameters, .. bufferTensors]), data);
    }

    /// <summary>Reads the tensors of a file by name.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="most">Bytes it may have.</param>
    /// <exception cref="InvalidDataException">It is no safetensors file, is cut short, or has other
    /// than F32 tensors.</exception>
    /// <exception cref="IOException">It is no regular file, is longer, or cannot be
    /// read.</exception>
    public static IReadOnlyDictionary<string, SavedTensor> Read(string path, long most = long.MaxValue)
    {
        var file = RegularFile.ReadAllBytes(path, most);
        var headerLength = file.Length < sizeof(long) ? -1 : BinaryPrimitives.ReadInt64LittleEndian(file);
        if (headerLength < 2 || headerLength > file.Length - sizeof(long))
        {
            throw new InvalidDataException($"{path}: no safetensors file: its header's length is {headerLength} of {file.Length} bytes.");
        }

        var start = sizeof(long) + (int)headerLength;
        try
        {
            using var header = JsonDocument.Parse(file.AsMemory(sizeof(long), (int)headerLength));
            var tensors = header.RootElement.EnumerateObject().Where(t => t.Name != "__metadata__").ToList();
            RequireTiles(tensors.Select(t => Offsets(t.Value)));
            return tensors.ToDictionary(t => t.Name, t => ReadTensor(t.Value, file.AsSpan(start)));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or InvalidDataException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{path}: no safetensors file that can be read: {e.Message}", e);
        }
    }

    private static Span<float> Copy(IReadOnlyList<NamedTensor> tensors, ReadOnlySpan<float> vector, Span<float> destination)
    {
        foreach (var tensor in tensors)
        {
            vector.Slice(tensor.Offset, tensor.Length).CopyTo(destination);
            destination = destination[tensor.Length..];
        }

        return destination;
    }

    private static byte[] Header(IReadOnlyList<NamedTensor> tensors)
    {
        using var stream = new MemoryStream();
        stream.Write(stackalloc byte[sizeof(long)]);
        using (var json = new Utf8JsonWriter(stream))
        {
            long offset = 0;
            json.WriteStartObject();
            foreach (var tensor in tensors)
            {
                WriteTensor(json, tensor, offset, offset += tensor.Length * (long)sizeof(float));
            }

            json.WriteEndObject();
        }

        while (stream.Length % 8 != 0)
        {
            stream.WriteByte((byte)' ');
        }

        var header = stream.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - sizeof(long));
        return header;
    }

    private static void WriteTensor(Utf8JsonWriter json, NamedTensor tensor, long begin, long end)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", ElementType);
        json.WriteStartArray("shape");
        foreach (var size in tensor.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static (long Begin, long End) Offsets(JsonElement tensor) => (tensor.GetProperty("data_offsets")[0].GetInt64(), tensor.GetProperty("data_offsets")[1].GetInt64());

    // Each byte is of one tensor at most, so that a file takes no more memory than it has bytes.
    private static void RequireTiles(IEnumerable<(long Begin, long End)> tensors)
    {
        var last = 0L;
        foreach (var (begin, end) in tensors.Order())
        {
            if (begin < last || end < begin)
            {
                throw new InvalidDataException($"a tensor at bytes [{begin}, {end}) lies over the one before it, which ends at {last}; allowed are tensors one after the other.");
            }

            last = end;
        }
    }

    private static SavedTensor ReadTensor(JsonElement tensor, ReadOnlySpan<byte> data)
    {
        var type = tensor.GetProperty("dtype").GetString();
        int[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32())];
        var (begin, end) = Offsets(tensor);
        var most = data.Length;
        var length = shape.Aggregate(1L, (product, size) => size < 0 || product < 0 || product > most ? -1 : product * size);
        if (type != ElementType || length < 0 || length > data.Length || begin < 0 || end > data.Length || end - begin != length * sizeof(float))
        {
            throw new InvalidDataException($"a tensor of {type} at bytes [{begin}, {end}) of {data.Length}; allowed is {ElementType} within the file, as long as its shape.");
        }

        var values = new float[length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(data[((int)begin + (i * sizeof(float)))..]);
        }

        return new SavedTensor(shape, values);
    }
}

/// <summary>A tensor read from a file.</summary>
/// <param name="Shape">Row-major.</param>
/// <param name="Values">As many as the shape has elements.</param>
public sealed record SavedTensor(IReadOnlyList<int> Shape, float[] Values);
