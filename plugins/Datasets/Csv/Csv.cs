using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Rows of a file of separated values. The file is read twice, row by row: once for the number of
/// rows and the classes, once for the inputs, which are float32 in memory.
/// </summary>
[Description("Rows of a file of separated values: columns of numbers, and a column of classes.")]
[Plugin("csv")]
internal sealed class Csv(CsvOptions options) : IDataset
{
    public DatasetShape Describe(DataFolders folders) => new CsvSource(options, folders).Shape;

    public ILoadedDataset Load(DataFolders folders)
    {
        var source = new CsvSource(options, folders);
        return new FloatDataset(source.Shape.Input, source.Read(), options.Normalize);
    }
}
