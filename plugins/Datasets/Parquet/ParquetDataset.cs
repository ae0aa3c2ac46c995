using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Rows of Parquet files: columns of numbers, float32 in memory, or images, resized to one size and
/// kept as bytes. Beside what stays, one group of rows of one column is in memory while files are
/// read.
/// </summary>
[Description("Rows of Parquet files: columns of numbers, or images, and a column of classes.")]
[Plugin("parquet")]
internal sealed class ParquetDataset(ParquetTableOptions options) : IDataset
{
    public DatasetShape Describe(DataFolders folders) => new ParquetSource(options, folders).Shape;

    public ILoadedDataset Load(DataFolders folders)
    {
        var source = new ParquetSource(options, folders);
        if (options.Image is null)
        {
            return new FloatDataset(source.Shape.Input, source.ReadNumbers(), options.Normalize);
        }

        var images = source.ReadImages();
        return new ByteDataset(source.Shape.Input, images.TrainImages(), images.TestImages(), [], options.Normalize);
    }
}
