using Parquet;
using Parquet.Schema;

namespace Orchestrator.Datasets.Tests;

/// <summary>
/// Parquet files, as libraries of other languages write them: every column may have nulls.
/// </summary>
internal static class ParquetBytes
{
    /// <summary>Two row groups of columns a (float64), b (int32), c (bool), label.</summary>
    public static byte[] Table(
        int rows, Func<int, double?> a, Func<int, long?>? number = null, Func<int, string?>? text = null, CompressionMethod method = CompressionMethod.Snappy)
    {
        var (x, y, z) = (new DataField<double?>("a"), new DataField<int>("b"), new DataField<bool>("c"));
        DataField label = number is null ? new DataField<string>("label") : new DataField<long?>("label");
        return Write([x, y, z, label], rows, method, async (group, numbers) =>
        {
            await group.WriteAsync<double>(x, numbers.Select(a).ToArray());
            await group.WriteAsync<int>(y, numbers.Select(i => 3 * i).ToArray());
            await group.WriteAsync<bool>(z, numbers.Select(i => i % 2 == 0).ToArray());
            await (
                number is null ? group.WriteAsync(label, numbers.Select(text!).ToArray()!) : group.WriteAsync<long>(label, numbers.Select(number).ToArray()));
        });
    }

    /// <summary>
    /// Images in a struct of bytes and path, as on the Hugging Face hub, and a label.
    /// </summary>
    public static byte[] Images(int rows, Func<int, byte[]?> image)
    {
        var (bytes, path, label) = (new DataField<byte[]>("bytes"), new DataField<string>("path"), new DataField<long?>("label"));
        return Write([new StructField("image", bytes, path), label], rows, CompressionMethod.None, async (group, numbers) =>
        {
            await group.WriteAsync(bytes, numbers.Select(image).ToArray()!);
            await group.WriteAsync(path, numbers.Select(i => $"{i}.png").ToArray());
            await group.WriteAsync<long>(label, numbers.Select(i => (long?)(i % 2)).ToArray());
        });
    }

    private static byte[] Write(Field[] fields, int rows, CompressionMethod method, Func<ParquetRowGroupWriter, int[], Task> write)
    {
        using var memory = new MemoryStream();
        Task.Run(async () =>
        {
            await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), memory, new ParquetOptions { CompressionMethod = method });
            foreach (var numbers in new[] { Enumerable.Range(0, rows / 2).ToArray(), [.. Enumerable.Range(rows / 2, rows - (rows / 2))] })
            {
                using var group = writer.CreateRowGroup();
                await write(group, numbers);
                group.CompleteValidate();
            }
        }).GetAwaiter().GetResult();
        return memory.ToArray();
    }
}
