using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// Weighted sums over neighbouring places, for every place and channel of a destination: a
/// convolution forward, or backward to its data.
/// </summary>
internal abstract unsafe class ConvolutionKernel<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Floats that <see cref="Pack"/> writes.</summary>
    public abstract int PackedLength { get; }

    public static ConvolutionKernel<TLanes> Forward(Workspace<TLanes> workspace, ConvolutionShape shape) =>
        Winograd.Pays(shape) ? WinogradConvolution<TLanes>.Forward(workspace, shape) : DirectConvolution<TLanes>.Forward(shape);

    public static ConvolutionKernel<TLanes> Backward(Workspace<TLanes> workspace, ConvolutionShape shape) =>
        Winograd.Pays(shape) ? WinogradConvolution<TLanes>.Backward(workspace, shape) : DirectConvolution<TLanes>.Backward(shape);

    /// <summary>
    /// Puts a convolution's weights, <c>[out, in, kernel, kernel]</c>, in the order in which they
    /// are used.
    /// </summary>
    /// <param name="packed">Of <see cref="PackedLength"/>.</param>
    /// <param name="weights">The first of them.</param>
    public abstract void Pack(float* packed, float* weights);

    /// <summary>All sums of one chunk.</summary>
    /// <param name="packed">From <see cref="Pack"/>.</param>
    /// <param name="source">What is read.</param>
    /// <param name="destination">What is written.</param>
    /// <param name="initial">One value per channel (<see cref="TileStart.Bias"/>), or a chunk as
    /// large as the destination (<see cref="TileStart.Vectors"/>).</param>
    /// <param name="start">What the sums start from.</param>
    /// <param name="rectify">Negative sums are stored as zero.</param>
    public abstract void Run(float* packed, float* source, float* destination, float* initial, TileStart start, bool rectify);
}
