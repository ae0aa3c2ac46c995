using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

[Description("Wide residual network WRN-16-4, 2.7 million parameters.")]
[Plugin("wide-resnet-16-4")]
internal sealed class WideResNet164Model(WideResNet164 architecture) : NetworkModel(architecture);
