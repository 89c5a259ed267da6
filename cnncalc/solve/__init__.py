"""What would fit: the kernels, strides, paddings and dilations that a convolution over a given input may have."""
