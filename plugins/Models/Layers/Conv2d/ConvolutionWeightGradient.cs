using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// The weight gradient of a convolution: for every weight, the products of the output's gradient
/// and the input, summed over places and samples. On the way the gradient of rectified outputs is
/// zeroed, and that of the bias summed.
/// </summary>
internal abstract unsafe class ConvolutionWeightGradient<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>True if it must see all chunks of a group at once.</summary>
    public virtual bool TakesWholeGroup => false;

    /// <summary>True if it must see all chunks of a stripe at once.</summary>
    public virtual bool TakesStripes => false;

    /// <summary>
    /// True if others read the output's gradient afterwards: what a rectifier zeroes is zeroed in
    /// memory too.
    /// </summary>
    public bool KeepsGradient { get; set; }

    public static ConvolutionWeightGradient<TLanes> Create(Workspace<TLanes> workspace, ConvolutionShape shape) =>
        Winograd.Pays(shape) ? new WinogradWeightGradient<TLanes>(workspace, shape) : new DirectWeightGradient<TLanes>(workspace, shape);

    /// <summary>Before a batch.</summary>
    public abstract void Clear();

    /// <summary>
    /// Adds chunks. The output's gradient is zeroed where <paramref name="rectify"/> is set and the
    /// output is not positive.
    /// </summary>
    public abstract void Run(Activation to, bool rectify, Activation from, int firstChunk, int endChunk, float* weightGradient, bool isFirstGroup);

    /// <summary>Writes what <see cref="Run"/> has not written yet.</summary>
    public abstract void Finish(float* weightGradient, float* biasGradient);
}
