using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// A network that fits its data, as data: layers in order with their shapes, and where their
/// tensors are. Softmax and cross-entropy follow the last layer, or the mean squared distance to
/// the values; the loss is the mean over the batch. A backend needs nothing else, and two backends
/// of one network agree in parameter names, layout, initial values and dropout masks. Immutable.
/// </summary>
/// <param name="Input">One sample.</param>
/// <param name="Layers">In the order of the forward pass.</param>
/// <param name="Layout">All parameters and buffers, in the order of the layers.</param>
/// <param name="Classes">Features of the last layer; 0 where it predicts values.</param>
/// <param name="BatchNormPolicy">What becomes of the statistics of batch-norm; of no effect without
/// it.</param>
public sealed record Network(Volume Input, IReadOnlyList<Layer> Layers, ParameterLayout Layout, int Classes, BatchNormPolicyOptions BatchNormPolicy)
{
    /// <summary>Values that the last layer predicts (regression); 0 where it classifies.</summary>
    public int Values { get; init; }

    /// <summary>
    /// True if a layer's result for one sample depends on the others of its batch.
    /// </summary>
    public bool NeedsWholeBatch => Layers.Any(layer => layer.NeedsWholeBatch);

    /// <summary>
    /// Fits layers to data, with all names and tensors laid out; allocates nothing large.
    /// </summary>
    /// <param name="layers">First to last.</param>
    /// <param name="data">What the network is to predict.</param>
    /// <param name="batchNormPolicy">Null: pushed, with momentum 0.1.</param>
    /// <exception cref="OptionException">The data have neither classes nor values, no layer has
    /// parameters, a layer does not fit, or the last one does not give one feature for each; the
    /// message names layer and shapes.</exception>
    public static Network Create(IReadOnlyList<LayerOptions> layers, DatasetShape data, BatchNormPolicyOptions? batchNormPolicy = null)
    {
        if (data.Outputs < 1)
        {
            throw new OptionException("", "this model classifies, or predicts values; the dataset has neither classes nor values.");
        }

        const string List = "layers";
        var (tensors, input) = (new TensorTable(), Volume.Of(data));
        var fitted = LayerBuilder.Build(layers, input, new LayerScope("", "", tensors), List);
        var output = fitted.Count == 0 ? input : fitted[^1].Output;
        var layout = tensors.Layout;
        if (layout.Length == 0)
        {
            throw new OptionException(List, "no layer has parameters; there is nothing to train.");
        }

        return output == new Volume(data.Outputs, 1, 1)
            ? new Network(input, fitted, layout, data.Classes, batchNormPolicy ?? new BatchNormPolicyOptions()) { Values = data.Classes > 0 ? 0 : data.Values }
            : throw new OptionException(List, $"the last layer gives {output}; one feature for each of the {data.Outputs} {(data.Classes > 0 ? "classes" : "values")} is needed.");
    }

    /// <summary>
    /// Fills initial parameters and buffers, layer by layer, from the run's stream <c>("init")</c>.
    /// </summary>
    /// <param name="random">The stream.</param>
    /// <param name="parameters">As long as the layout.</param>
    /// <param name="buffers">As long as the layout's buffers.</param>
    public void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        foreach (var layer in Layers)
        {
            layer.Initialize(random, parameters, buffers);
        }
    }
}
