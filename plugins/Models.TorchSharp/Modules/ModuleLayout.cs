using Orchestrator.Abstractions;
using static TorchSharp.torch;

namespace Orchestrator.Models.TorchSharp;

/// <summary>
/// A module's tensors in flat vectors, in the module's own order and under its own names.
/// </summary>
internal static class ModuleLayout
{
    /// <summary>
    /// The parameters that are not frozen, and the buffers of float32; frozen parameters, and other
    /// buffers, such as counters, stay as they are.
    /// </summary>
    /// <exception cref="OptionException">A parameter is not of float32, or there is none to
    /// train.</exception>
    public static ParameterLayout Of(nn.Module module, string name)
    {
        var all = module.named_parameters().ToList();
        var parameters = all.Where(p => p.parameter.requires_grad).ToList();
        if (parameters.Count == 0)
        {
            throw new OptionException("", all.Count == 0
                ? $"{name} has no parameters; there is nothing to train."
                : $"{name}: all {all.Count} parameters are frozen (requires_grad is false), {all[0].name} the first; there is nothing to train. Set requires_grad of what is to be trained.");
        }

        return parameters.FirstOrDefault(p => p.parameter.dtype != ScalarType.Float32) is { parameter: { } odd } other
            ? throw new OptionException("", $"{name}: parameter {other.name} is of {odd.dtype}; float32 is needed (module.float() before it is saved).")
            : new ParameterLayout(
                Lay(parameters.Select(p => (p.name, (Tensor)p.parameter))),
                Lay(module.named_buffers().Where(b => b.buffer.dtype == ScalarType.Float32).Select(b => (b.name, b.buffer))));
    }

    /// <summary>The module's values as they are.</summary>
    public static void Read(nn.Module module, ParameterLayout layout, Span<float> parameters, Span<float> buffers)
    {
        Read(module.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter), layout.Parameters, parameters);
        Read(module.named_buffers().ToDictionary(b => b.name, b => b.buffer), layout.Buffers, buffers);
    }

    private static void Read(Dictionary<string, Tensor> tensors, IReadOnlyList<NamedTensor> places, Span<float> into)
    {
        foreach (var place in places)
        {
            using var values = tensors[place.Name].detach();
            HostTensor.Read(values, into.Slice(place.Offset, place.Length));
        }
    }

    private static List<NamedTensor> Lay(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        var (places, offset) = (new List<NamedTensor>(), 0);
        foreach (var (name, tensor) in tensors)
        {
            places.Add(new NamedTensor(name, [.. tensor.shape.Select(size => checked((int)size))], offset));
            offset = checked(offset + places[^1].Length);
        }

        return places;
    }
}
