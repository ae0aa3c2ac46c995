namespace Orchestrator.Abstractions;

/// <summary>A set of samples that parameters are evaluated on.</summary>
public enum SampleSet
{
    /// <summary>The test samples.</summary>
    Test,

    /// <summary>The training samples.</summary>
    Train,

    /// <summary>The samples that are kept from training.</summary>
    Validation,
}

/// <summary>
/// What became of the samples of one class at an evaluation, one row of a confusion matrix: a row
/// of <c>confusions.csv</c>. An evaluation has one for each class of each set, in this order, where
/// the pipeline asks for them.
/// </summary>
/// <param name="Event">Event number of the evaluation.</param>
/// <param name="Version">The version that was evaluated.</param>
/// <param name="Set">Whose samples.</param>
/// <param name="Class">The class that they are of, from 0.</param>
/// <param name="Predicted">How many of them were taken for each class.</param>
public sealed record ConfusionRecord(long Event, long Version, SampleSet Set, int Class, IReadOnlyList<long> Predicted);
