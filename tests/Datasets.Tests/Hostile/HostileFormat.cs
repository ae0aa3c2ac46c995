using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

/// <summary>A format that is read from files of other people, and how to damage them.</summary>
/// <param name="Name">What <c>mutate</c> calls it.</param>
/// <param name="Write">Writes damaged files, and gives a dataset that reads them.</param>
internal sealed record HostileFormat(string Name, Func<Random, TemporaryFolder, IDataset> Write)
{
    public static IReadOnlyList<HostileFormat> All { get; } = [new("npz", Npz), new("csv", Csv), new("png", Png), new("jpeg", Jpeg), new("parquet", Parquet)];

    private static readonly byte[][] Tables =
    [
        ParquetBytes.Table(9, i => i / 3.0, i => i % 3, method: global::Parquet.CompressionMethod.None),
        ParquetBytes.Table(8, i => i, text: i => $"class {i % 3}", method: global::Parquet.CompressionMethod.None),
        ParquetBytes.Table(8, i => i, i => i % 2),
        ParquetBytes.Table(40, i => i % 5, text: i => i % 2 == 0 ? "a" : "b", method: global::Parquet.CompressionMethod.Gzip),
    ];

    private static IDataset Npz(Random random, TemporaryFolder folder)
    {
        var arrays = NpyBytes.Set(random.Next(2) == 0 ? [5] : [3, 4, 2], floats: random.Next(2) == 0);

        // Damage inside an array that the archive does not know of, or in the archive itself.
        if (random.Next(2) == 0)
        {
            var which = random.Next(arrays.Length);
            arrays[which].Content = Mutation.Of(random, arrays[which].Content);
            folder.Write("own.npz", NpyBytes.Zip(random.Next(2) == 0, arrays));
        }
        else
        {
            folder.Write("own.npz", Mutation.Of(random, NpyBytes.Zip(random.Next(2) == 0, arrays)));
        }

        return new Npz(new NpzOptions(
            "own.npz", TestShare: random.Next(3) == 0 ? 0.25 : null, Channels: (ChannelAxis)random.Next(2), Values: random.Next(3) == 0 ? "y_train" : null,
            Groups: random.Next(2) == 0 ? "y_train" : null));
    }

    private static IDataset Csv(Random random, TemporaryFolder folder)
    {
        var right = "\"length\",width,label\r\n5.1,3.5,\"set,osa\"\r\n4.9,-3e-1,\"set,osa\"\n6.3,3.3,virginica\n7,3.2,versicolor\n0,1,\"a \"\"b\"\"\"\n"u8;
        folder.Write("own.csv", Mutation.Of(random, random.Next(10) == 0 ? TemporaryFolder.Gzip(right) : right.ToArray()));
        return new Csv(new CsvOptions(
            "own.csv", TestShare: 0.4, Inputs: random.Next(2) == 0 ? ["width", "length"] : null, Label: "label", Value: random.Next(4) == 0 ? "length" : null,
            Group: random.Next(2) == 0 ? "label" : null));
    }

    private static IDataset Png(Random random, TemporaryFolder folder) =>
        Image(random, folder, Pictures.Png(random.Next(1, 20), random.Next(1, 20), random.Next(3) switch { 0 => 1, 1 => 3, _ => 4 }, i => i * 7), ".png");

    private static IDataset Jpeg(Random random, TemporaryFolder folder) => Image(random, folder, Pictures.Jpeg, ".jpg");

    private static IDataset Image(Random random, TemporaryFolder folder, byte[] right, string end)
    {
        var wrong = Mutation.Of(random, right);

        // With checksums that fit, damage reaches the decoder.
        folder.Write("own/a/1" + end, end == ".png" && random.Next(4) != 0 ? Pictures.WithChecksums(wrong) : wrong);
        folder.Write("own/b/1" + end, right);
        return new ImageFolder(new ImageFolderOptions("own", 8, 6, random.Next(2) == 0 ? 1 : 3, TestShare: 0.5));
    }

    private static IDataset Parquet(Random random, TemporaryFolder folder)
    {
        folder.Write("own.parquet", Mutation.Of(random, Tables[random.Next(Tables.Length)]));
        return new ParquetDataset(
            new ParquetTableOptions("own.parquet", TestShare: 0.4, Inputs: random.Next(2) == 0 ? ["b", "a"] : null, Value: random.Next(4) == 0 ? "c" : null,
                Group: random.Next(2) == 0 ? "b" : null));
    }
}
