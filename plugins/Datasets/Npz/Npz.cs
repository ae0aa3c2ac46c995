using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Arrays of an .npz file of NumPy. uint8 stays bytes in memory, one per element, and is normalised
/// as images are; every other type becomes float32. An array in Fortran order takes its size twice
/// while it is read.
/// </summary>
[Description("Arrays of an .npz file of NumPy, by name.")]
[Plugin("npz")]
internal sealed class Npz(NpzOptions options) : IDataset
{
    public DatasetShape Describe(DataFolders folders)
    {
        using var source = new NpzSource(options, folders);
        return source.Shape;
    }

    public ILoadedDataset Load(DataFolders folders)
    {
        using var source = new NpzSource(options, folders);
        if (source.IsByte)
        {
            var bytes = source.Read<byte>((array, axes, place) => array.Read(axes, place));
            return new ByteDataset(source.Shape.Input, bytes.TrainImages(), bytes.TestImages(), [], options.Normalize);
        }

        return new FloatDataset(source.Shape.Input, source.Read<float>((array, axes, place) => array.Read(axes, place)), options.Normalize);
    }
}
