namespace Orchestrator.Abstractions;

/// <summary>What a model must know of a dataset, known before a sample is read.</summary>
/// <param name="Input">Shape of one sample: <c>[channels, height, width]</c> or
/// <c>[features]</c>.</param>
/// <param name="ClassNames">One name per class; empty where samples have no label (then there is no
/// accuracy).</param>
/// <param name="TrainCount">Number of training samples.</param>
/// <param name="TestCount">Number of test samples.</param>
public sealed record DatasetShape(IReadOnlyList<int> Input, IReadOnlyList<string> ClassNames, int TrainCount, int TestCount)
{
    /// <summary>Number of classes; 0 where samples have no label.</summary>
    public int Classes => ClassNames.Count;

    /// <summary>
    /// Numbers that are to be predicted for a sample (regression); 0 where samples have labels, or
    /// nothing to predict.
    /// </summary>
    public int Values { get; init; }

    /// <summary>
    /// Names of the natural groups that training samples come in, such as persons or devices; empty
    /// where none are known. A group may have no training sample.
    /// </summary>
    public IReadOnlyList<string> GroupNames { get; init; } = [];

    /// <summary>
    /// What a model's last layer gives for a sample: one feature per class, or per value.
    /// </summary>
    public int Outputs => Classes > 0 ? Classes : Values;

    /// <summary>Floats per sample.</summary>
    public int SampleLength { get; } = Input.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>
    /// Bytes of memory that the loaded samples take, for the estimate before a run; 0 where it is
    /// not said.
    /// </summary>
    public long Bytes { get; init; }
}
