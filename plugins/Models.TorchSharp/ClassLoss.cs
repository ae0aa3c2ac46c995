using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Orchestrator.Models.TorchSharp;

/// <summary>What is minimised over a classifier's outputs.</summary>
public enum ClassLoss
{
    /// <summary>Softmax and negative log-likelihood of raw scores.</summary>
    CrossEntropy,

    /// <summary>Negative log-likelihood of outputs that are log-probabilities already.</summary>
    Nll,

    /// <summary>Mean over classes of the squared distance to the label's one-hot vector.</summary>
    Mse,
}

internal static class ClassLosses
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="loss">Which.</param>
    /// <param name="outputs"><c>[samples, classes]</c>.</param>
    /// <param name="labels"><c>[samples]</c>, int64.</param>
    /// <param name="reduction">Mean or sum over samples.</param>
    public static Tensor Of(this ClassLoss loss, Tensor outputs, Tensor labels, Reduction reduction)
    {
        if (loss == ClassLoss.CrossEntropy)
        {
            return functional.cross_entropy(outputs, labels, reduction: reduction);
        }

        if (loss == ClassLoss.Nll)
        {
            return functional.nll_loss(outputs, labels, reduction: reduction);
        }

        var target = functional.one_hot(labels, outputs.shape[1]).to_type(ScalarType.Float32);
        var squared = functional.mse_loss(outputs, target, reduction);
        return reduction == Reduction.Sum ? squared / outputs.shape[1] : squared;
    }
}
