using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>What is minimised over a network's outputs, chunk by chunk of a batch.</summary>
internal interface IOutputLoss
{
    /// <summary>Adds a chunk's losses to a sum, in the order of its samples.</summary>
    void AddLosses(int chunk, in Batch batch, Piece samples, ref double sumOfLosses);

    /// <summary>The gradient of the mean over the batch; zero in lanes without a sample.</summary>
    void Gradient(int chunk, in Batch batch, Piece samples);

    /// <summary>
    /// The class of the largest output, the lowest among equals; nothing where there are no
    /// classes.
    /// </summary>
    void Predict(int chunk, Span<int> predictions);
}
