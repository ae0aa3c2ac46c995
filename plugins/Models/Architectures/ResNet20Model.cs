using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

[Description("ResNet-20 in its CIFAR form, 0.27 million parameters.")]
[Plugin("resnet20")]
internal sealed class ResNet20Model(ResNet20 architecture) : NetworkModel(architecture);
