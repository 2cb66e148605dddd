// For CloudFront in front of a private bucket, as a function on viewer requests (runtime cloudfront-js-2.0).
// The bucket knows no index documents, and links of a page are relative: a folder's address without its slash leads
// on, and one with it is answered with the folder's page.
function handler(event) {
  var request = event.request;
  var uri = request.uri;
  if (uri.charAt(uri.length - 1) === '/') {
    request.uri = uri + 'index.html';
    return request;
  }
  if (/@ENDINGS@/.test(uri)) return request;
  var query = [];
  Object.keys(request.querystring).forEach(function (name) {
    var given = request.querystring[name];
    (given.multiValue || [given]).forEach(function (one) {
      query.push(one.value ? name + '=' + one.value : name);
    });
  });
  return {
    statusCode: 301,
    statusDescription: 'Moved Permanently',
    headers: {
      location: { value: uri + '/' + (query.length ? '?' + query.join('&') : '') },
      'cache-control': { value: 'no-cache' }
    }
  };
}
