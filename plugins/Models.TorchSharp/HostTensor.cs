using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Models.TorchSharp;

/// <summary>
/// A tensor of the device that takes its values from host memory and gives them back; on the
/// processor without a copy more than that.
/// </summary>
internal sealed class HostTensor : IDisposable
{
    private readonly Tensor host;

    public HostTensor(ReadOnlySpan<long> shape, torch.Device device, ScalarType type = ScalarType.Float32)
    {
        host = zeros(shape, type, CPU);
        Tensor = device.type == DeviceType.CPU ? host : zeros(shape, type, device);
        host.DetachFromDisposeScope();
        Tensor.DetachFromDisposeScope();
    }

    public Tensor Tensor { get; }

    /// <summary>
    /// Host memory of the values; <see cref="Upload"/> brings them to the device.
    /// </summary>
    public Span<T> Values<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(host.bytes);

    public void Set(ReadOnlySpan<float> values)
    {
        values.CopyTo(Values<float>());
        Upload();
    }

    /// <summary>Copies the host's values to the device.</summary>
    public void Upload()
    {
        if (!ReferenceEquals(host, Tensor))
        {
            using var _ = no_grad();
            Tensor.copy_(host);
        }
    }

    /// <summary>Copies a tensor's values into host memory, whichever device it is on.</summary>
    public static void Read(Tensor tensor, Span<float> into)
    {
        using var near = tensor.device_type == DeviceType.CPU ? null : tensor.cpu();
        using var contiguous = (near ?? tensor).contiguous();
        MemoryMarshal.Cast<byte, float>(contiguous.bytes).CopyTo(into);
    }

    /// <summary>Copies bytes into a tensor, whichever device it is on.</summary>
    public static void Write(Tensor tensor, ReadOnlySpan<byte> values)
    {
        if (tensor.device_type == DeviceType.CPU && tensor.is_contiguous())
        {
            values.CopyTo(tensor.bytes);
            return;
        }

        using var near = zeros(tensor.shape, tensor.dtype, CPU);
        values.CopyTo(near.bytes);
        tensor.copy_(near);
    }

    public void Dispose()
    {
        if (!ReferenceEquals(host, Tensor))
        {
            Tensor.Dispose();
        }

        host.Dispose();
    }
}
