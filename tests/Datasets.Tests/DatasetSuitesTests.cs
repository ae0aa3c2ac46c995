using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Datasets.Tests;

public sealed class GlyphsSuite : DatasetContract
{
    public override IDataset Create() => new Glyphs(new GlyphsOptions(Train: 200, Test: 20));
}

public sealed class QuadraticSuite : DatasetContract
{
    public override IDataset Create() => new Quadratic(new QuadraticOptions());
}

public sealed class MnistSuite : FileDatasetSuite
{
    public override IDataset Create() => new Mnist(new ImageFileOptions());

    internal override void Write(TemporaryFolder folder) => IdxBytes.WriteAll(folder);
}

public sealed class FashionMnistSuite : FileDatasetSuite
{
    public override IDataset Create() => new FashionMnist(new ImageFileOptions());

    internal override void Write(TemporaryFolder folder) => IdxBytes.WriteAll(folder, "fashion-mnist/", ".gz", gzip: true);
}

public sealed class Cifar10Suite : FileDatasetSuite
{
    public override IDataset Create() => new Cifar10(new Cifar10Options());

    internal override void Write(TemporaryFolder folder)
    {
        folder.Write("cifar10/data_batch_1.bin", [3, .. Enumerable.Range(0, 3072).Select(i => (byte)i), 9, .. new byte[3072]]);
        folder.Write("cifar10/test_batch.bin", [0, .. new byte[3072]]);
    }
}

public sealed class NpzSuite : FileDatasetSuite
{
    public override IDataset Create() => new Npz(new NpzOptions("own.npz"));

    internal override void Write(TemporaryFolder folder) => folder.Write("own.npz", NpyBytes.Zip(deflated: true, NpyBytes.Set([2, 3])));
}

public sealed class NpzOfFloatsSuite : FileDatasetSuite
{
    public override IDataset Create() => new Npz(new NpzOptions("own.npz", TestShare: 0.5));

    internal override void Write(TemporaryFolder folder) => folder.Write("own.npz", NpyBytes.Zip(deflated: false, NpyBytes.Set([3], floats: true)));
}

public sealed class NpzOfValuesSuite : FileDatasetSuite
{
    public override IDataset Create() => new Npz(new NpzOptions("own.npz", Values: "v", TestShare: 0.3));

    internal override void Write(TemporaryFolder folder) =>
        folder.Write("own.npz", NpyBytes.Zip(true, [.. NpyBytes.Set([2, 3]), ("v", NpyBytes.Floats([12, 2], i => i / 3f))]));
}

public sealed class CsvOfValuesSuite : FileDatasetSuite
{
    public override IDataset Create() => new Csv(new CsvOptions("own.csv", TestShare: 0.3, Value: "price"));

    internal override void Write(TemporaryFolder folder) => folder.Write("own.csv", "a,b,price\n1,2,3.5\n3,1,-1\n4,4,0\n-1,0,7\n"u8);
}

public sealed class CsvSuite : FileDatasetSuite
{
    public override IDataset Create() => new Csv(new CsvOptions("own.csv", TestShare: 0.3));

    internal override void Write(TemporaryFolder folder) => folder.Write("own.csv", "a,b,label\n1,2,x\n3,1,y\n4,4,z\n-1,0,x\n"u8);
}

public sealed class ImageFolderSuite : FileDatasetSuite
{
    public override IDataset Create() => new ImageFolder(new ImageFolderOptions("own", 6, 3));

    internal override void Write(TemporaryFolder folder)
    {
        folder.Write("own/train/a/1.png", Pictures.Png(4, 5, 3, i => i));
        folder.Write("own/train/b/1.jpg", Pictures.Jpeg);
        folder.Write("own/test/a/1.png", Pictures.Png(9, 2, 4, i => 3 * i));
    }
}

public sealed class ParquetSuite : FileDatasetSuite
{
    public override IDataset Create() => new ParquetDataset(new ParquetTableOptions("own.parquet", TestShare: 0.3));

    internal override void Write(TemporaryFolder folder) => folder.Write("own.parquet", ParquetBytes.Table(12, i => i * i, text: i => i % 2 == 0 ? "a" : "b"));
}

public sealed class ParquetOfImagesSuite : FileDatasetSuite
{
    public override IDataset Create() => new ParquetDataset(new ParquetTableOptions("own.parquet", TestShare: 0.3, Image: "image", Height: 3, Width: 4));

    internal override void Write(TemporaryFolder folder) => folder.Write("own.parquet", ParquetBytes.Images(6, i => Pictures.Png(2 + i, 3, 3, p => p * i)));
}

/// <summary>The suite over small files that it writes first.</summary>
public abstract class FileDatasetSuite : DatasetContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected FileDatasetSuite() => Write(folder);

    public override DataFolders Folders => folder.Folders;

    internal abstract void Write(TemporaryFolder folder);

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class DatasetSuitesTests
{
    [Fact]
    public void Every_dataset_plugin_inherits_the_suite()
    {
        var covered = typeof(DatasetSuitesTests).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(DatasetContract)) && !type.IsAbstract)
            .Select(MadeBy);
        var plugins = typeof(Glyphs).Assembly.GetTypes().Where(type => type.GetCustomAttribute<PluginAttribute>() is not null).ToArray();
        Assert.NotEmpty(plugins);
        Assert.Empty(plugins.Except(covered));
    }

    private static Type MadeBy(Type type)
    {
        var suite = (DatasetContract)Activator.CreateInstance(type)!;
        using var held = suite as IDisposable;
        return suite.Create().GetType();
    }
}
