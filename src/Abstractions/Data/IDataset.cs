namespace Orchestrator.Abstractions;

/// <summary>
/// Training and test samples. The constructor only takes options; files are touched by the two
/// methods.
/// </summary>
public interface IDataset
{
    /// <summary>
    /// The shapes, from options or file headers alone; cheap, called while a pipeline is validated.
    /// </summary>
    /// <exception cref="DataException">Files are missing, or are not what their headers
    /// say.</exception>
    DatasetShape Describe(DataFolders folders);

    /// <summary>
    /// Reads (or makes) all samples. The result is immutable and safe to read from many threads.
    /// </summary>
    /// <exception cref="DataException">Files are missing, truncated, over-long, mislabelled or
    /// corrupt.</exception>
    ILoadedDataset Load(DataFolders folders);

    /// <summary>
    /// The published files that this dataset reads; null where it makes its samples itself or
    /// nothing can be downloaded.
    /// </summary>
    OfficialFiles? Official => null;
}

/// <summary>A dataset in memory.</summary>
public interface ILoadedDataset
{
    /// <summary>The samples that workers compute gradients on; at least one.</summary>
    ISamples Train { get; }

    /// <summary>
    /// The samples of evaluations; at least one, none of them in <see cref="Train"/>.
    /// </summary>
    ISamples Test { get; }

    /// <summary>
    /// Hexadecimal SHA-256 over the samples as they are read or made: equal fingerprints mean equal
    /// data.
    /// </summary>
    string Fingerprint { get; }

    /// <summary>
    /// What a user should be told of this data before trusting a result, such as files that are
    /// absent; usually empty.
    /// </summary>
    IReadOnlyList<string> Notes => [];
}

/// <summary>
/// A list of samples, each a row of <see cref="DatasetShape.SampleLength"/> floats.
/// </summary>
public interface ISamples
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>
    /// Class of each sample, in 0 .. classes-1; empty where samples have no label.
    /// </summary>
    ReadOnlySpan<int> Labels { get; }

    /// <summary>
    /// What is to be predicted of each sample, <c>[Count, DatasetShape.Values]</c>, row-major,
    /// finite; empty where samples have labels, or nothing to predict.
    /// </summary>
    ReadOnlySpan<float> Values => [];

    /// <summary>
    /// The natural group of each sample, such as the person that it comes from, as an index into
    /// <see cref="DatasetShape.GroupNames"/>; empty where there are none. Nothing reads them but
    /// partitioners, of training samples.
    /// </summary>
    ReadOnlySpan<int> Groups => [];

    /// <summary>
    /// Copies rows, normalised, into <paramref name="inputs"/> (<c>[rows, SampleLength]</c>,
    /// row-major). Allocates nothing.
    /// </summary>
    void Gather(ReadOnlySpan<int> rows, Span<float> inputs);
}
