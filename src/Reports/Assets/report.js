// A report draws all at once, and once.
start(() => {
  prepare();
  drawAll();
});
